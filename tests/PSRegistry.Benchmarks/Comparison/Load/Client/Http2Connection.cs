using System.Net;
using System.Net.Http.Headers;

namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>HTTP/2 and nothing else; what all of them share is one connection. It trusts every certificate.</summary>
internal sealed class Http2Connection : IPushConnection
{
    private readonly HttpClient _client;
    private readonly Uri _server;

    private Http2Connection(HttpClient client, Uri server) => (_client, _server) = (client, server);

    /// <summary>Several users of one connection.</summary>
    public static Http2Connection[] Open(Uri server, int count)
    {
#pragma warning disable CA5359, CA5399 // A server that this program has started, on this machine, with a certificate made for it.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        var client = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(5) };
#pragma warning restore CA5359, CA5399
        return [.. Enumerable.Range(0, count).Select(_ => new Http2Connection(client, server))];
    }

    public async Task<PushAnswer> SendAsync(PushRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_server, request.Target))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(request.Body),
        };
        if (request.ContentType is { } type)
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (request.ContentRange is { } range)
            message.Content.Headers.TryAddWithoutValidation("Content-Range", range);
        using var answer = await _client.SendAsync(message, cancellationToken);
        var location = answer.Headers.Location is { } target ? new Uri(_server, target).PathAndQuery : "";
        return new PushAnswer((int)answer.StatusCode, location);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
