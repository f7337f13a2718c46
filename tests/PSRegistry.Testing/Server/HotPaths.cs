using System.Globalization;
using System.Net;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Testing;

/// <summary>
/// The requests that every client sends, against a small registry over a folder: one image, a repository of 100 tags, 100 repositories.
/// </summary>
public sealed class HotPaths : IAsyncDisposable
{
    private const int Many = 100;

    private readonly TemporaryFolder _folder;
    private readonly TestRegistry _registry;

    private HotPaths(TemporaryFolder folder, TestRegistry registry, TinyImage image)
    {
        _folder = folder;
        _registry = registry;
        Requests = new Dictionary<string, (string Method, string Path)>
        {
            ["GET /v2/"] = ("GET", "/v2/"),
            ["GET manifest by tag"] = ("GET", "/v2/app/manifests/t000"),
            ["GET manifest by digest"] = ("GET", $"/v2/app/manifests/{image.Manifest}"),
            ["HEAD manifest by tag"] = ("HEAD", "/v2/app/manifests/t000"),
            ["HEAD manifest by digest"] = ("HEAD", $"/v2/app/manifests/{image.Manifest}"),
            ["GET blob of 1 KiB"] = ("GET", $"/v2/app/blobs/{image.Blobs[0]}"),
            ["tags/list of 100"] = ("GET", "/v2/app/tags/list"),
            ["_catalog of 100"] = ("GET", "/v2/_catalog?n=100"),
        };
    }

    /// <summary>The requests, by name.</summary>
    public IReadOnlyDictionary<string, (string Method, string Path)> Requests { get; }

    /// <summary>Starts the registry and fills it.</summary>
    public static async Task<HotPaths> StartAsync(CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = folder.Path },
            Log = configuration.Log with { AccessLogDisabled = true },
        });
        var image = await FillAsync(registry.Http, cancellationToken);
        return new HotPaths(folder, registry, image);
    }

    /// <summary>Bytes that the server allocates for one request of that name.</summary>
    public long Allocates(string name) => RequestAllocation.Measure(_registry.Server.Uri, Requests[name].Method, Requests[name].Path);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _folder.DisposeAsync();
    }

    private static async Task<TinyImage> FillAsync(RegistryHttp http, CancellationToken cancellationToken)
    {
        var image = await TinyImages.PushAsync(http, "app", "t000", TestBytes.Make(1024), cancellationToken);
        var manifest = (await http.GetManifestAsync("app", "t000", cancellationToken)).Body;
        await Parallel.ForAsync(1, Many, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var number = i.ToString("D3", CultureInfo.InvariantCulture);
            (await http.PutManifestAsync("app", $"t{number}", manifest, ImageMediaTypes.OciManifest, token)).MustBe(HttpStatusCode.Created);
            await http.PushBlobAsync($"other/r{number}", TestBytes.Make(1), token);
        });
        return image;
    }
}
