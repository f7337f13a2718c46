using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Microsoft.Win32.SafeHandles;
using PSRegistry.Server.Transport;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Pieces;

/// <summary>A blob on its way to a client over loopback: sent by the system, or read and sent. The reader throws everything away.</summary>
public class FileToSocketBenchmarks : IDisposable
{
    private const int Size = 16 * 1024 * 1024;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private TemporaryFolder? _folder;
    private SafeFileHandle? _file;
    private Socket? _server;
    private Socket? _client;
    private Thread? _reader;

    /// <summary>Makes a file and a connection.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(_folder["blob"], TestBytes.Make(Size));
        _file = File.OpenHandle(_folder["blob"]);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _client.ConnectAsync(listener.LocalEndPoint!);
        _server = await listener.AcceptAsync();
        _reader = new Thread(() => ReadAll(_client)) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>16 MiB without reading them, where the system can; pieces of 4 MiB, as a pull sends them.</summary>
    [Benchmark]
    public async Task Send()
    {
        if (!FileSender.IsSupported)
            throw new NotSupportedException("This system has no sendfile(2).");
        const int Piece = 4 * 1024 * 1024;
        for (var offset = 0; offset < Size; offset += Piece)
            await FileSender.SendAsync(_server!, new FilePart(_file!, offset, Piece));
    }

    /// <summary>16 MiB through a buffer: what every other system does, and TLS.</summary>
    [Benchmark]
    public async Task ReadAndSend()
    {
        for (long offset = 0; offset < Size;)
        {
            var count = RandomAccess.Read(_file!, _buffer, offset);
            for (var sent = 0; sent < count;)
                sent += await _server!.SendAsync(_buffer.AsMemory(sent, count - sent), SocketFlags.None);
            offset += count;
        }
    }

    /// <summary>Ends the connection, removes the file.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _server?.Dispose();
        _reader?.Join();
        _client?.Dispose();
        _file?.Dispose();
        _folder?.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void ReadAll(Socket socket)
    {
        var buffer = new byte[1024 * 1024];
        while (socket.Receive(buffer) > 0)
        {
        }
    }
}
