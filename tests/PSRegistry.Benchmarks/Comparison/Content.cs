using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PSRegistry.Benchmarks.Comparison.Load.Client;
using PSRegistry.Benchmarks.Comparison.Targets;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>What every target holds: the same bytes, pushed to the registries and laid out as files for nginx.</summary>
internal static class Content
{
    /// <summary>Bytes of the large blob.</summary>
    public const int BigSize = 256 * 1024 * 1024;

    /// <summary>Repositories of the catalog, and tags of the repository with many.</summary>
    public const int Many = 1000;

    /// <summary>The repository with an image, a 1 MiB blob and the large blob.</summary>
    public const string Small = "zz/small";

    /// <summary>The repository with many tags.</summary>
    public const string Tags = "zz/tags";

    private const int AtOnce = 16;
    private const int TagsOfEach = 5;

    private static readonly byte[] Config = Encoding.ASCII.GetBytes("""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{}}""");
    private static readonly byte[] Layer = TestBytes.Make(1024);
    private static readonly byte[] MiB = TestBytes.Make(1024 * 1024);
    private static readonly byte[] Image = SmallImage.Manifest(Config, Layer, "");

    /// <summary>The digest of the image's manifest.</summary>
    public static string ImageDigest { get; } = ContentDescriptor.DigestOf(Image);

    /// <summary>The digest of the blob of 1 KiB.</summary>
    public static string LayerDigest { get; } = ContentDescriptor.DigestOf(Layer);

    /// <summary>The digest of the blob of 1 MiB.</summary>
    public static string MiBDigest { get; } = ContentDescriptor.DigestOf(MiB);

    /// <summary>Lays out the blobs as files.</summary>
    public static async Task WriteFilesAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "blob1k"), Layer, cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "blob1m"), MiB, cancellationToken);
    }

    /// <summary>Pushes one image and the blob of 1 MiB.</summary>
    public static async Task PushImageAsync(RunningTarget target, string repository, string tag, CancellationToken cancellationToken)
    {
        await using var connection = await RawConnection.OpenAsync(target.Address, cancellationToken);
        foreach (var blob in new[] { Config, Layer, MiB })
            await PushLoad.PushAsync(connection, repository, blob, cancellationToken);
        await PushLoad.PutAsync(connection, repository, tag, Image, cancellationToken);
    }

    /// <summary>Pushes everything but the large blob.</summary>
    public static async Task PushAllAsync(RunningTarget target, CancellationToken cancellationToken)
    {
        await PushImageAsync(target, Small, "latest", cancellationToken);
        await PushImageAsync(target, Tags, "latest", cancellationToken);
        var connections = await Connections.OpenAsync(target.Address, http2: false, AtOnce, cancellationToken);
        // The first of the many tags is there: "latest".
        await Connections.ShareAsync(connections, Many - 1, (connection, i) =>
            PushLoad.PutAsync(connection, Tags, string.Create(CultureInfo.InvariantCulture, $"v1.{i:D4}"), Image, cancellationToken));
        await Connections.ShareAsync(connections, Many, async (connection, i) =>
        {
            var repository = string.Create(CultureInfo.InvariantCulture, $"cat/r{i:D4}");
            await MountAsync(connection, repository, ContentDescriptor.DigestOf(Config), cancellationToken);
            await MountAsync(connection, repository, LayerDigest, cancellationToken);
            for (var tag = 0; tag < TagsOfEach; tag++)
                await PushLoad.PutAsync(connection, repository, string.Create(CultureInfo.InvariantCulture, $"t{tag}"), Image, cancellationToken);
        });
        await Connections.CloseAsync(connections);
    }

    /// <summary>Pushes the large blob to every registry and writes it for nginx; its digest.</summary>
    public static async Task<string> AddBigAsync(IEnumerable<RunningTarget> targets, string files, CancellationToken cancellationToken)
    {
        var big = RandomNumberGenerator.GetBytes(BigSize);
        await File.WriteAllBytesAsync(Path.Combine(files, "blob256m"), big, cancellationToken);
        foreach (var target in targets.Where(target => target.Kind != TargetKind.Nginx))
        {
            await using var connection = await RawConnection.OpenAsync(target.Address, cancellationToken);
            await PushLoad.PushAsync(connection, Small, big, cancellationToken);
        }
        return ContentDescriptor.DigestOf(big);
    }

    private static async Task MountAsync(IPushConnection connection, string repository, string digest, CancellationToken cancellationToken)
    {
        var mount = new PushRequest("POST", $"/v2/{repository}/blobs/uploads/?mount={digest}&from={Small}");
        (await connection.SendAsync(mount, cancellationToken)).MustBe(201, mount);
    }
}
