using System.Text;
using BenchmarkDotNet.Attributes;
using PSRegistry.Oci;
using PSRegistry.Storage;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Pieces;

/// <summary>A manifest that is pushed: parsed, and everything it names looked for on the disk.</summary>
public class ManifestBenchmarks : IDisposable
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");

    private TemporaryFolder? _folder;
    private ManifestChecker? _checker;
    private byte[] _content = [];
    private Manifest? _manifest;

    /// <summary>Layers of the image.</summary>
    [Params(2, 40)]
    public int Layers { get; set; }

    /// <summary>Makes the image's blobs, in a folder.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _folder = new TemporaryFolder();
        var driver = new FileSystemDriver(_folder.Path);
        var content = new ContentStore(driver, new ManifestCache(capacity: 0));
        var blobs = new BlobStore(Name, driver, content, new RepositoryLeases());
        _checker = new ManifestChecker(Name, driver, content, blobs, new ManifestRules());
        var config = await AddAsync(driver, ImageMediaTypes.OciConfig, "{}");
        var layers = new List<string>();
        for (var i = 0; i < Layers; i++)
            layers.Add(await AddAsync(driver, ImageMediaTypes.OciLayer, $"layer {i}"));
        _content = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{ImageMediaTypes.OciManifest}}","config":{{config}},"layers":[{{string.Join(',', layers)}}]}""");
        if (!Manifest.TryParse(_content, ImageMediaTypes.OciManifest, out _manifest, out var fault))
            throw new InvalidOperationException(fault);
    }

    /// <summary>Parses the manifest that was pushed.</summary>
    [Benchmark]
    public bool Parse() => Manifest.TryParse(_content, ImageMediaTypes.OciManifest, out _, out _);

    /// <summary>Tells the type of stored bytes.</summary>
    [Benchmark]
    public string Sniff() => ManifestType.Sniff(_content);

    /// <summary>Looks for all that the manifest refers to.</summary>
    [Benchmark]
    public async Task<bool> CheckReferences() => (await _checker!.CheckAsync(_manifest!, CancellationToken.None)).IsEmpty ? true : throw new InvalidOperationException("A blob is missing.");

    /// <summary>Removes the folder.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _folder?.Dispose();
        GC.SuppressFinalize(this);
    }

    private static async Task<string> AddAsync(FileSystemDriver driver, string mediaType, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var digest = Digest.OfContent(bytes);
        await driver.WriteAsync(StoragePaths.BlobData(digest), bytes);
        await Links.WriteAsync(driver, StoragePaths.LayerLink(Name, digest), digest, CancellationToken.None);
        return ContentDescriptor.Of(mediaType, bytes).ToJson().ToJsonString();
    }
}
