using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>HTTP/1.1 by hand over one connection, so that the client is not what is measured. It trusts every certificate.</summary>
internal sealed class RawConnection : IPushConnection
{
    private const int SentAtOnce = 32 * 1024;
    private const int Chunk = 256 * 1024;

    private readonly Uri _server;
    private readonly Stream _stream;
    private readonly byte[] _buffer;
    private int _received;

    private RawConnection(Uri server, Stream stream, int bufferSize)
    {
        _server = server;
        _stream = stream;
        _buffer = new byte[bufferSize];
    }

    public static async Task<RawConnection> OpenAsync(Uri server, CancellationToken cancellationToken, int bufferSize = 64 * 1024)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (server.Scheme == "https")
        {
            var secure = new SslStream(stream);
#pragma warning disable CA5359 // A server that this program has started, on this machine, with a certificate made for it.
            var options = new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
            await secure.AuthenticateAsClientAsync(options, cancellationToken);
            stream = secure;
        }
        return new RawConnection(server, stream, bufferSize);
    }

    public async Task<PushAnswer> SendAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var head = Head(request);
        if (request.IsStreamed)
            await SendChunksAsync(head, request.Body, cancellationToken);
        else if (request.Body.Length <= SentAtOnce)
            await _stream.WriteAsync((byte[])[.. head, .. request.Body.Span], cancellationToken);
        else
        {
            await _stream.WriteAsync(head, cancellationToken);
            await _stream.WriteAsync(request.Body, cancellationToken);
        }
        var (answer, length) = await ReadHeadAsync(cancellationToken);
        await SkipAsync(request.Method == "HEAD" ? 0 : length, cancellationToken);
        return answer;
    }

    /// <summary>Sends the same request again and again, without making it anew.</summary>
    public async Task<int> RepeatAsync(PushRequest request, Func<bool> goesOn, CancellationToken cancellationToken)
    {
        var head = Head(request);
        var count = 0;
        for (; goesOn(); count++)
        {
            await _stream.WriteAsync(head, cancellationToken);
            var (answer, length) = await ReadHeadAsync(cancellationToken);
            answer.MustBe(200, request);
            await SkipAsync(request.Method == "HEAD" ? 0 : length, cancellationToken);
        }
        return count;
    }

    /// <summary>GETs a body and throws it away; its length.</summary>
    public async Task<long> PullAsync(PushRequest request, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Head(request), cancellationToken);
        var (answer, length) = await ReadHeadAsync(cancellationToken);
        answer.MustBe(200, request);
        await SkipAsync(length, cancellationToken);
        return length;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private byte[] Head(PushRequest request)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{request.Method} {request.Target} HTTP/1.1\r\nHost: {_server.Authority}\r\n");
        if (request.Method is "GET" or "HEAD")
            head.Append("Accept: application/vnd.oci.image.manifest.v1+json, */*\r\n");
        else
            head.Append(request.IsStreamed ? "Transfer-Encoding: chunked\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {request.Body.Length}\r\n"));
        if (request.ContentType is { } type)
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        if (request.ContentRange is { } range)
            head.Append(CultureInfo.InvariantCulture, $"Content-Range: {range}\r\n");
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    private async Task SendChunksAsync(byte[] head, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(head, cancellationToken);
        for (; body.Length > 0; body = body[Math.Min(Chunk, body.Length)..])
        {
            var chunk = body[..Math.Min(Chunk, body.Length)];
            await _stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n")), cancellationToken);
            await _stream.WriteAsync(chunk, cancellationToken);
            await _stream.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
        }
        await _stream.WriteAsync("0\r\n\r\n"u8.ToArray(), cancellationToken);
    }

    private async ValueTask<(PushAnswer Answer, long Length)> ReadHeadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _received).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var count = await _stream.ReadAsync(_buffer.AsMemory(_received), cancellationToken);
            if (count == 0)
                throw new LoadException($"{_server} closed the connection.");
            _received += count;
        }
        var head = AnswerHead.Parse(_buffer.AsSpan(0, end + 2), _server);
        var rest = _buffer.AsSpan((end + 4).._received);
        rest.CopyTo(_buffer);
        _received = rest.Length;
        return head;
    }

    private async ValueTask SkipAsync(long length, CancellationToken cancellationToken)
    {
        var left = length - Math.Min(length, _received);
        _received -= (int)Math.Min(length, _received);
        while (left > 0)
        {
            var count = await _stream.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(left, _buffer.Length)), cancellationToken);
            if (count == 0)
                throw new LoadException($"{_server} closed the connection in the middle of a body.");
            left -= count;
        }
    }
}
