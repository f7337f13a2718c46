using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PSRegistry.Server.Tests.Transport;

/// <summary>One connection on which a test says what is sent, and how much of the answers is read and when.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly BufferedStream _stream;

    private RawClient(Socket socket)
    {
        _socket = socket;
        _stream = new BufferedStream(new NetworkStream(socket), 16 * 1024);
    }

    public static Task<RawClient> ConnectAsync(Uri address, CancellationToken cancellationToken) =>
        ConnectAsync(new Socket(SocketType.Stream, ProtocolType.Tcp), new DnsEndPoint(address.Host, address.Port), cancellationToken);

    public static Task<RawClient> ConnectAsync(string socketPath, CancellationToken cancellationToken) =>
        ConnectAsync(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(socketPath), cancellationToken);

    /// <summary>Sends a request without a body.</summary>
    public Task AskAsync(string method, string path, CancellationToken cancellationToken, string headers = "") =>
        SendAsync(Request(method, path, headers), cancellationToken);

    public static string Request(string method, string path, string headers = "") => $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n";

    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _socket.SendAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    /// <summary>Reads status and headers of the next answer, not its body.</summary>
    public async Task<(int Status, int Length)> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one, cancellationToken);
            head.Append((char)one[0]);
        }
        var lines = head.ToString().Split("\r\n");
        var length = lines.First(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return (int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), int.Parse(length["Content-Length: ".Length..], CultureInfo.InvariantCulture));
    }

    public async Task<byte[]> ReadAsync(int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Reads the next answer.</summary>
    public async Task<(int Status, byte[] Body)> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        var (status, length) = await ReadHeadAsync(cancellationToken);
        return (status, await ReadAsync(length, cancellationToken));
    }

    /// <summary>Reads the next answer, which must have exactly this body.</summary>
    public async Task MustAnswerAsync(int status, byte[] body, CancellationToken cancellationToken)
    {
        var answer = await ReadAnswerAsync(cancellationToken);
        Assert.Equal(status, answer.Status);
        Assert.True(answer.Body.AsSpan().SequenceEqual(body), $"other bytes came: {answer.Body.Length} of them, not {body.Length}");
    }

    /// <summary>Reads until the server ends the connection, in whichever way; how many bytes came.</summary>
    public async Task<long> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
                total += count;
        }
        catch (IOException)
        {
        }
        return total;
    }

    public void Dispose() => _socket.Dispose();

    private static async Task<RawClient> ConnectAsync(Socket socket, EndPoint server, CancellationToken cancellationToken)
    {
        // Little room at the client's end, so that what it does not read stays with the server.
        socket.ReceiveBufferSize = 64 * 1024;
        await socket.ConnectAsync(server, cancellationToken);
        return new RawClient(socket);
    }
}
