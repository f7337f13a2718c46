using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>
/// Images made once per test run from real files, each on first use, and only read afterwards. An assembly fixture:
/// <c>[assembly: AssemblyFixture(typeof(RealImages))]</c>.
/// </summary>
public sealed class RealImages : IAsyncDisposable
{
    /// <summary>The tag of every image here.</summary>
    public const string Tag = "v1";

    private const long Mebibyte = 1 << 20;

    // .../shared/Microsoft.NETCore.App/10.0.x/ lies three folders below.
    private static readonly string DotNetFolder = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<RealImage>> _busybox;
    private readonly Lazy<Task<RealImage>> _big;
    private readonly Lazy<Task<RealImage>> _multiPlatform;
    private readonly Lazy<Task<RealImage>> _artifact;

    /// <summary>Makes none yet.</summary>
    public RealImages()
    {
        _busybox = Later("busybox", WriteBusybox);
        _big = Later("big", WriteBig);
        _multiPlatform = Later("multi-platform", WriteMultiPlatform);
        _artifact = Later("artifact", WriteArtifact);
    }

    /// <summary>Debian's busybox, one layer, linux/amd64.</summary>
    public Task<RealImage> BusyboxAsync() => MadeAsync(_busybox);

    /// <summary>A few hundred MB in three layers: of /usr/share, of /usr/lib, and of .NET itself, this one stored uncompressed.</summary>
    public Task<RealImage> BigAsync() => _big.Value;

    /// <summary>
    /// An index of linux/amd64 and linux/arm64 over one root file system, and the attestation of the first as unknown/unknown.
    /// </summary>
    public Task<RealImage> MultiPlatformAsync() => MadeAsync(_multiPlatform);

    /// <summary>An artifact: a manifest whose config has a type of its own and whose one layer is a real file.</summary>
    public Task<RealImage> ArtifactAsync() => _artifact.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    // The peer is asked for in the test that runs, not only in the one that made the image.
    private static Task<RealImage> MadeAsync(Lazy<Task<RealImage>> image)
    {
        Peer.Require("busybox");
        return image.Value;
    }

    private Lazy<Task<RealImage>> Later(string name, Func<ImageLayout, ContentDescriptor> write) => new(() => Task.Run(() =>
    {
        var layout = ImageLayout.Create(_folder[name]);
        return new RealImage(layout, layout.Tag(Tag, write(layout)));
    }));

    private static ContentDescriptor WriteBusybox(ImageLayout layout) => layout.AddImage("amd64", layout.AddLayer(RealFiles.Busybox()));

    private static ContentDescriptor WriteBig(ImageLayout layout) => layout.AddImage(
        "amd64",
        layout.AddLayer(RealFiles.Under("/usr/share", 64 * Mebibyte)),
        layout.AddLayer(RealFiles.Under("/usr/lib", 64 * Mebibyte)),
        // Sure to be there and large, wherever these tests can be built.
        layout.AddLayer(RealFiles.Under(DotNetFolder, 200 * Mebibyte), CompressionLevel.NoCompression));

    private static ContentDescriptor WriteMultiPlatform(ImageLayout layout)
    {
        var rootFileSystem = layout.AddLayer(RealFiles.Busybox());
        var amd64 = layout.AddImage("amd64", rootFileSystem);
        var arm64 = layout.AddImage("arm64", rootFileSystem);
        var attestation = ForPlatform(WriteAttestation(layout), "unknown", "unknown");
        attestation["annotations"] = new JsonObject
        {
            ["vnd.docker.reference.type"] = "attestation-manifest",
            ["vnd.docker.reference.digest"] = amd64.Digest,
        };
        return layout.AddIndex(ForPlatform(amd64, "linux", "amd64"), ForPlatform(arm64, "linux", "arm64"), attestation);
    }

    // As buildkit attaches its provenance: an image in form, whose layer is a statement of in-toto.
    private static ContentDescriptor WriteAttestation(ImageLayout layout)
    {
        var statement = layout.AddJson("application/vnd.in-toto+json", new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v0.1",
            ["predicateType"] = "https://slsa.dev/provenance/v0.2",
        });
        var config = layout.AddJson(ImageMediaTypes.OciConfig, new JsonObject
        {
            ["architecture"] = "unknown",
            ["os"] = "unknown",
            ["config"] = new JsonObject(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(statement.Digest) },
        });
        return layout.AddManifest(config, [statement]);
    }

    private static ContentDescriptor WriteArtifact(ImageLayout layout)
    {
        var config = layout.AddJson("application/vnd.example.certificates.config.v1+json", new JsonObject { ["purpose"] = "trust" });
        var file = layout.AddBlob("application/x-elf", File.ReadAllBytes("/bin/sh"));
        return layout.AddManifest(config, [file]);
    }

    private static JsonObject ForPlatform(ContentDescriptor manifest, string system, string architecture)
    {
        var json = manifest.ToJson();
        json["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = system };
        return json;
    }
}
