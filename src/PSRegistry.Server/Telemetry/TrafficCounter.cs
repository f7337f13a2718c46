using System.Numerics;
using System.Runtime.InteropServices;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// Counts what a server does. Each processor adds to a cell of its own, in a cache line of its own, so that counting makes no request wait
/// for another; the cells are added up when somebody asks.
/// </summary>
internal sealed class TrafficCounter
{
    private readonly Cell[] _cells = new Cell[BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];

    public ServerTraffic Total
    {
        get
        {
            var total = default(ServerTraffic);
            foreach (ref var cell in _cells.AsSpan())
            {
                total = new ServerTraffic(
                    total.Requests + Volatile.Read(ref cell.Requests),
                    total.BytesReceived + Volatile.Read(ref cell.Received),
                    total.BytesSent + Volatile.Read(ref cell.Sent),
                    total.Errors + Volatile.Read(ref cell.Errors));
            }
            return total;
        }
    }

    /// <summary>A request came to its end.</summary>
    public void AddRequest() => Interlocked.Increment(ref Own().Requests);

    /// <summary>The server failed at a request.</summary>
    public void AddError() => Interlocked.Increment(ref Own().Errors);

    /// <summary>Content was read from a client.</summary>
    public void AddReceived(long bytes) => Interlocked.Add(ref Own().Received, bytes);

    /// <summary>Content was written to a client.</summary>
    public void AddSent(long bytes) => Interlocked.Add(ref Own().Sent, bytes);

    private ref Cell Own() => ref _cells[Thread.GetCurrentProcessorId() & (_cells.Length - 1)];

    /// <summary>As wide as the pair of cache lines that processors fetch together.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Cell
    {
        public long Requests;
        public long Received;
        public long Sent;
        public long Errors;
    }
}
