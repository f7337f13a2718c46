using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace PSRegistry.Client;

/// <summary>
/// Finds out, after a request failed, which of http and https a port speaks. What servers answer to the wrong one differs (a 400, an
/// alert, a cut connection), so the right one is tried instead; nothing but a greeting is sent.
/// </summary>
internal sealed class ProtocolProbe(RegistryClientOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task<bool> SpeaksTlsAsync(Uri uri, CancellationToken cancellationToken) => TryAsync(uri, ShakeHandsAsync, cancellationToken);

    public Task<bool> SpeaksPlainHttpAsync(Uri uri, CancellationToken cancellationToken) => TryAsync(uri, AskPlainlyAsync, cancellationToken);

    private async Task<bool> TryAsync(Uri uri, Func<Stream, Uri, CancellationToken, Task<bool>> probe, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await using var connection = await ConnectAsync(new DnsEndPoint(uri.IdnHost, uri.Port), limit.Token);
            return await probe(connection, uri, limit.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        if (options.Surroundings.Connect is { } connect)
            return await connect(server, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<bool> ShakeHandsAsync(Stream connection, Uri uri, CancellationToken cancellationToken)
    {
        // A server that shows a certificate speaks TLS, whatever comes of the handshake: it may ask for one of ours.
        var sawCertificate = false;
        await using var tls = new SslStream(connection);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = uri.IdnHost,
                    RemoteCertificateValidationCallback = (_, _, _, _) => sawCertificate = true,
                },
                cancellationToken);
            return true;
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException)
        {
            return sawCertificate;
        }
    }

    private static async Task<bool> AskPlainlyAsync(Stream connection, Uri uri, CancellationToken cancellationToken)
    {
        await connection.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HEAD /v2/ HTTP/1.0\r\nHost: {uri.Authority}\r\n\r\n"), cancellationToken);
        var start = new byte["HTTP/1.1 200".Length];
        await connection.ReadExactlyAsync(start, cancellationToken);
        // A TLS server with which we merely share no cipher answers a plain request too: with 400.
        return start.AsSpan().StartsWith("HTTP/1."u8) && !start.AsSpan().EndsWith(" 400"u8);
    }
}
