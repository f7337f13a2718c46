using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>One large push, in the ways in which clients push. The content is new in every run and hashed before the clock starts.</summary>
internal static class UploadLoad
{
    private const int Chunk = 8 * 1024 * 1024;

    /// <summary>MB/s from the POST to the last acknowledgement.</summary>
    /// <param name="server">Where.</param>
    /// <param name="repository">In which repository; the blob is deleted from it afterwards.</param>
    /// <param name="size">How many bytes.</param>
    /// <param name="way">Which way.</param>
    /// <param name="http2">Whether by HTTP/2.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(Sample Sample, string Digest)> RunAsync(
        Uri server, string repository, int size, UploadWay way, bool http2, CancellationToken cancellationToken)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var digest = ContentDescriptor.DigestOf(content);
        var connection = (await Connections.OpenAsync(server, http2, 1, cancellationToken))[0];
        var clock = Stopwatch.StartNew();
        var begun = await SendAsync(connection, new PushRequest("POST", $"/v2/{repository}/blobs/uploads/"), 202, cancellationToken);
        var location = way == UploadWay.Whole ? begun : await PatchAsync(connection, begun, content, way, cancellationToken);
        var body = way == UploadWay.Whole ? content : ReadOnlyMemory<byte>.Empty;
        await SendAsync(connection, new PushRequest("PUT", $"{location}&digest={digest}") { Body = body, ContentType = "application/octet-stream" }, 201, cancellationToken);
        var elapsed = clock.Elapsed.TotalSeconds;
        await SendAsync(connection, new PushRequest("DELETE", $"/v2/{repository}/blobs/{digest}"), 202, cancellationToken);
        await connection.DisposeAsync();
        return (new Sample(size / 1e6 / elapsed, size / 1e9), digest);
    }

    private static async Task<string> PatchAsync(IPushConnection connection, string location, byte[] content, UploadWay way, CancellationToken cancellationToken)
    {
        var patch = new PushRequest("PATCH", location) { ContentType = "application/octet-stream" };
        if (way == UploadWay.Streamed)
            return await SendAsync(connection, patch with { Body = content, IsStreamed = true }, 202, cancellationToken);
        for (var offset = 0; offset < content.Length; offset += Chunk)
        {
            var length = Math.Min(Chunk, content.Length - offset);
            var range = string.Create(CultureInfo.InvariantCulture, $"{offset}-{offset + length - 1}");
            location = await SendAsync(connection, patch with { Target = location, Body = content.AsMemory(offset, length), ContentRange = range }, 202, cancellationToken);
        }
        return location;
    }

    private static async Task<string> SendAsync(IPushConnection connection, PushRequest request, int status, CancellationToken cancellationToken) =>
        (await connection.SendAsync(request, cancellationToken)).MustBe(status, request).Location;
}

/// <summary>How a large blob is pushed.</summary>
internal enum UploadWay
{
    /// <summary>POST, then a PUT with everything.</summary>
    Whole,

    /// <summary>A PATCH for every 8 MiB.</summary>
    Chunked,

    /// <summary>One PATCH of a length that is not told, as docker does it.</summary>
    Streamed,
}
