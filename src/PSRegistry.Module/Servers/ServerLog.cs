using System.Threading.Channels;
using PSRegistry.Hosting;

namespace PSRegistry.Servers;

/// <summary>The log of a server that runs in a shell: the newest records wait for whoever asks, older ones are let go.</summary>
internal sealed class ServerLog
{
    private const int WaitingRecords = 4096;

    private readonly Channel<ServerLogRecord> _records = Channel.CreateBounded<ServerLogRecord>(
        new BoundedChannelOptions(WaitingRecords) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Takes a record; never waits.</summary>
    public void Write(ServerLogRecord record) => _records.Writer.TryWrite(record);

    /// <summary>No more records come.</summary>
    public void Complete() => _records.Writer.TryComplete();

    /// <summary>The records that wait and those that come, until the server is gone or <paramref name="stop"/> says so.</summary>
    public IAsyncEnumerable<ServerLogRecord> ReadAllAsync(CancellationToken stop) => _records.Reader.ReadAllAsync(stop);

    /// <summary>The records that wait.</summary>
    public IEnumerable<ServerLogRecord> ReadWaiting()
    {
        while (_records.Reader.TryRead(out var record))
            yield return record;
    }
}
