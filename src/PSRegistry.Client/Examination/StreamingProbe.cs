using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace PSRegistry.Client;

/// <summary>
/// Tells whether a body reaches the registry while it is still being sent. It begins a long one for an upload that does not exist, and
/// stops in the middle: a registry that sees the beginning refuses it at once, and one behind a proxy that collects the whole says nothing.
/// </summary>
internal sealed class StreamingProbe(RegistryClientOptions options)
{
    private const int Announced = 4 << 20, Sent = 256 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Whether an answer came in the middle; null when nobody can tell.</summary>
    public async Task<bool?> AnswersEarlyAsync(Uri uri, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(uri.IdnHost, uri.Port, limit.Token);
            await using var connection = await EncryptAsync(new NetworkStream(socket), uri, limit.Token);
            limit.CancelAfter(Patience);
            return await AskAsync(connection, uri, authorization, limit.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static async Task<bool?> AskAsync(Stream connection, Uri uri, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        var login = authorization is null ? "" : $"Authorization: {authorization}\r\n";
        var head = $"PATCH {uri.PathAndQuery} HTTP/1.1\r\nHost: {uri.Authority}\r\n{login}Content-Type: application/octet-stream\r\nContent-Length: {Announced}\r\nConnection: close\r\n\r\n";
        await connection.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        await connection.WriteAsync(new byte[Sent], cancellationToken);
        var status = new byte["HTTP/1.1 404".Length];
        try
        {
            await connection.ReadExactlyAsync(status, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        // Whoever fails (5xx) may not even have asked the registry.
        return status.AsSpan().StartsWith("HTTP/1."u8) && status[^3] == (byte)'4' ? true : null;
    }

    private async ValueTask<Stream> EncryptAsync(NetworkStream plain, Uri uri, CancellationToken cancellationToken)
    {
        if (uri.Scheme != Uri.UriSchemeHttps)
            return plain;
        var tls = new SslStream(plain);
        await tls.AuthenticateAsClientAsync(CertificateCheck.Options(options, uri), cancellationToken);
        return tls;
    }
}
