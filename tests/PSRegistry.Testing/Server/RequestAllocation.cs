using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PSRegistry.Testing;

/// <summary>
/// Counts the bytes that a registry in this process allocates for one request. The requests are sent by a client that allocates nothing
/// itself, one after another over one connection, so that what the process allocates meanwhile is the server's.
/// </summary>
public static class RequestAllocation
{
    private const int WarmUp = 300;
    private const int Requests = 500;
    private const int Rounds = 5;

    /// <summary>Bytes for each of the requests; the least of several rounds, because nothing but the requests can lower it.</summary>
    /// <param name="registry">Where it listens.</param>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="path">The path with its query.</param>
    /// <exception cref="InvalidOperationException">An answer is not 200.</exception>
    public static long Measure(Uri registry, string method, string path)
    {
        ArgumentNullException.ThrowIfNull(registry);
        using var client = new Client(registry, method, path);
        client.Send(WarmUp);
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            client.Send(Requests);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests);
        }
        return least;
    }

    /// <summary>Knows the length of the answer from the first one: all of them are the same.</summary>
    private sealed class Client : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[256 * 1024];
        private readonly byte[] _request;
        private readonly int _answerLength;

        public Client(Uri registry, string method, string path)
        {
            _request = Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {registry.Authority}\r\nAccept: {ImageMediaTypes.OciManifest}\r\n\r\n");
            _socket.Connect(registry.Host, registry.Port);
            _socket.Send(_request);
            _answerLength = FirstAnswer(method, path);
        }

        public void Send(int count)
        {
            for (var i = 0; i < count; i++)
            {
                _socket.Send(_request);
                for (var received = 0; received < _answerLength;)
                    received += Receive(received);
                if (!_buffer.AsSpan().StartsWith("HTTP/1.1 200 "u8))
                    throw new InvalidOperationException("An answer was not 200.");
            }
        }

        public void Dispose() => _socket.Dispose();

        private int FirstAnswer(string method, string path)
        {
            var received = 0;
            int head;
            do
            {
                received += Receive(received);
            }
            while ((head = _buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8)) < 0);
            var headers = Encoding.ASCII.GetString(_buffer, 0, head);
            if (!headers.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
                throw new InvalidOperationException($"{method} {path} was answered by\n{headers}");
            var length = head + 4 + (method == "HEAD" ? 0 : ContentLength(headers));
            while (received < length)
                received += Receive(received);
            return length;
        }

        private static int ContentLength(string headers)
        {
            const string Name = "\r\nContent-Length: ";
            var from = headers.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
            var end = headers.IndexOf('\r', from);
            return int.Parse(end < 0 ? headers.AsSpan(from) : headers.AsSpan(from, end - from), CultureInfo.InvariantCulture);
        }

        private int Receive(int offset) => _socket.Receive(_buffer, offset, _buffer.Length - offset, SocketFlags.None) is var count and > 0
            ? count
            : throw new InvalidOperationException("The registry closed the connection.");
    }
}
