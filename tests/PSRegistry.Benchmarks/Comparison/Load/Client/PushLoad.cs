using System.Diagnostics;
using System.Globalization;
using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>Loads of many small pushes, each acknowledged before the next on its connection. The content is new in every run.</summary>
internal static class PushLoad
{
    private const int BlobSize = 4096;

    /// <summary>Blobs of 4 KiB, each by POST and PUT; blobs/s.</summary>
    public static async Task<Sample> BlobsAsync(Uri server, string repository, int count, int connections, bool http2, CancellationToken cancellationToken)
    {
        var blobs = Enumerable.Range(0, count).Select(_ => TestBytes.Make(BlobSize, Random.Shared.Next())).ToArray();
        return await MeasureAsync(server, count, connections, http2, (connection, i) => PushAsync(connection, repository, blobs[i], cancellationToken), cancellationToken);
    }

    /// <summary>Manifests, each under a tag of its own; manifests/s.</summary>
    public static async Task<Sample> ManifestsAsync(Uri server, string repository, int count, int connections, bool http2, CancellationToken cancellationToken)
    {
        var manifests = await NewManifestsAsync(server, repository, count, http2, cancellationToken);
        return await MeasureAsync(
            server, count, connections, http2, (connection, i) => PutAsync(connection, repository, Tag(i), manifests[i], cancellationToken), cancellationToken);
    }

    /// <summary>One manifest, which is new, under many tags; tags/s.</summary>
    public static async Task<Sample> TagsAsync(Uri server, string repository, int count, int connections, bool http2, CancellationToken cancellationToken)
    {
        var manifest = (await NewManifestsAsync(server, repository, 1, http2, cancellationToken))[0];
        return await MeasureAsync(
            server, count, connections, http2, (connection, i) => PutAsync(connection, repository, Tag(i), manifest, cancellationToken), cancellationToken);
    }

    /// <summary>Manifests that their tags name already, as when an image that did not change is pushed every day; manifests/s.</summary>
    public static async Task<Sample> AgainAsync(Uri server, string repository, int count, int connections, bool http2, CancellationToken cancellationToken)
    {
        var manifests = await NewManifestsAsync(server, repository, connections, http2, cancellationToken);
        Task PutNext(IPushConnection connection, int i) => PutAsync(connection, repository, Tag(i % connections), manifests[i % connections], cancellationToken);
        await MeasureAsync(server, connections, 1, http2, PutNext, cancellationToken);
        return await MeasureAsync(server, count, connections, http2, PutNext, cancellationToken);
    }

    public static async Task<string> PushAsync(IPushConnection connection, string repository, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var digest = ContentDescriptor.DigestOf(content.Span);
        var begin = new PushRequest("POST", $"/v2/{repository}/blobs/uploads/");
        var begun = (await connection.SendAsync(begin, cancellationToken)).MustBe(202, begin);
        var finish = new PushRequest("PUT", $"{begun.Location}&digest={digest}") { Body = content, ContentType = "application/octet-stream" };
        (await connection.SendAsync(finish, cancellationToken)).MustBe(201, finish);
        return digest;
    }

    public static async Task PutAsync(IPushConnection connection, string repository, string tag, byte[] manifest, CancellationToken cancellationToken)
    {
        var put = new PushRequest("PUT", $"/v2/{repository}/manifests/{tag}") { Body = manifest, ContentType = ImageMediaTypes.OciManifest };
        (await connection.SendAsync(put, cancellationToken)).MustBe(201, put);
    }

    private static string Tag(int number) => string.Create(CultureInfo.InvariantCulture, $"m{number}");

    /// <summary>Pushes what the manifests of small images name, and makes the manifests.</summary>
    private static async Task<byte[][]> NewManifestsAsync(Uri server, string repository, int count, bool http2, CancellationToken cancellationToken)
    {
        var (config, layer) = (Encoding.ASCII.GetBytes("{}"), new byte[64]);
        var first = await Connections.OpenAsync(server, http2, 1, cancellationToken);
        await PushAsync(first[0], repository, config, cancellationToken);
        await PushAsync(first[0], repository, layer, cancellationToken);
        await Connections.CloseAsync(first);
        return [.. Enumerable.Range(0, count).Select(_ => SmallImage.Manifest(config, layer, Guid.NewGuid().ToString()))];
    }

    private static async Task<Sample> MeasureAsync(
        Uri server, int count, int connections, bool http2, Func<IPushConnection, int, Task> push, CancellationToken cancellationToken)
    {
        var open = await Connections.OpenAsync(server, http2, connections, cancellationToken);
        var clock = Stopwatch.StartNew();
        await Connections.ShareAsync(open, count, push);
        var elapsed = clock.Elapsed.TotalSeconds;
        await Connections.CloseAsync(open);
        return new Sample(count / elapsed, count);
    }
}
