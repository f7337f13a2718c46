using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace PSRegistry.Server.Transport;

/// <summary>
/// Sends files by sendfile(2) from threads that do nothing else, as nginx's workers do: each waits for whichever of its sockets
/// has room and fills it. Eight pulls of 256 MiB over loopback by curl took 0.14 s of processor time per GB instead of 0.24 s by
/// reading and writing, one took 0.19 s instead of 0.26 s; how fast they are is the clients' doing.
/// </summary>
internal static partial class FileSender
{
    /// <summary>After so much the next socket has its turn.</summary>
    private const int Turn = 1024 * 1024;

    private static readonly Lazy<Loop[]> Loops = new(() => [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, 8)).Select(_ => new Loop())]);
    private static uint _next;

    /// <summary>Whether <see cref="SendAsync"/> works here.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    /// <exception cref="SocketException">The client is gone.</exception>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static Task SendAsync(Socket socket, FilePart part)
    {
        var transfer = new Transfer(socket, part);
        if (!transfer.Begin())
            return transfer.Ended;
        var loops = Loops.Value;
        loops[Interlocked.Increment(ref _next) % (uint)loops.Length].Add(transfer);
        return transfer.Ended;
    }

    private sealed class Loop
    {
        private readonly int _epoll = EpollCreate(CloseOnExec);
        private readonly ConcurrentDictionary<long, Transfer> _transfers = new();
        private long _lastKey;

        public Loop()
        {
            if (_epoll < 0)
                throw new SocketException(Marshal.GetLastPInvokeError());
            new Thread(Run, 64 * 1024) { IsBackground = true, Name = "sendfile" }.Start();
        }

        public void Add(Transfer transfer)
        {
            var key = Interlocked.Increment(ref _lastKey);
            _transfers[key] = transfer;
            var interest = new Event { Events = WritableOnce, Key = key };
            if (EpollControl(_epoll, ControlAdd, transfer.Descriptor, ref interest) < 0 && _transfers.TryRemove(key, out _))
                transfer.End(new SocketException(Marshal.GetLastPInvokeError()));
        }

        private void Run()
        {
            while (true)
            {
                if (EpollWait(_epoll, out var ready, 1, -1) == 1 && _transfers.TryGetValue(ready.Key, out var transfer))
                    Go(ready.Key, transfer);
            }
        }

        private void Go(long key, Transfer transfer)
        {
            var interest = new Event { Events = WritableOnce, Key = key };
            var fault = transfer.SendTurn(out var isDone);
            if (fault is null && !isDone && EpollControl(_epoll, ControlModify, transfer.Descriptor, ref interest) == 0)
                return;
            _transfers.TryRemove(key, out _);
            _ = EpollControl(_epoll, ControlRemove, transfer.Descriptor, ref interest);
            transfer.End(fault);
        }
    }

    /// <summary>A part of a file on its way. It keeps both handles open, so that their numbers cannot come to mean others.</summary>
    private sealed class Transfer(Socket socket, FilePart part)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _offset = part.Offset;
        private nint _left = part.Length;
        private bool _holdsSocket, _holdsFile;

        public Task Ended => _ended.Task;

        public int Descriptor { get; private set; }

        /// <summary>Sends what there is room for; false when that was all, or failed.</summary>
        public bool Begin()
        {
            Exception? fault = null;
            var isDone = false;
            try
            {
                socket.SafeHandle.DangerousAddRef(ref _holdsSocket);
                part.File.DangerousAddRef(ref _holdsFile);
                Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
                fault = SendTurn(out isDone);
            }
            catch (ObjectDisposedException closed)
            {
                fault = closed;
            }
            if (fault is null && !isDone)
                return true;
            End(fault);
            return false;
        }

        public Exception? SendTurn(out bool isDone)
        {
            const int TryAgain = 11, Interrupted = 4;
            isDone = false;
            var turn = (nint)Turn;
            while (_left > 0 && turn > 0)
            {
                var sent = SendFile(Descriptor, (int)part.File.DangerousGetHandle(), ref _offset, nint.Min(_left, turn));
                if (sent < 0)
                {
                    var error = Marshal.GetLastPInvokeError();
                    if (error == Interrupted)
                        continue;
                    return error == TryAgain ? null : new SocketException(error);
                }
                if (sent == 0)
                    return new EndOfStreamException("A file ended before all of it was sent.");
                _left -= sent;
                turn -= sent;
            }
            isDone = _left == 0;
            return null;
        }

        public void End(Exception? fault)
        {
            if (_holdsSocket)
                socket.SafeHandle.DangerousRelease();
            if (_holdsFile)
                part.File.DangerousRelease();
            if (fault is null)
                _ended.SetResult();
            else
                _ended.SetException(fault);
        }
    }

    private const int CloseOnExec = 0x80000, ControlAdd = 1, ControlRemove = 2, ControlModify = 3;
    private const uint WritableOnce = 0x4 | 0x40000000;

    /// <summary><c>struct epoll_event</c>, which is packed on x86-64 and nowhere else.</summary>
    private struct Event
    {
        private uint _events;
        private uint _first, _second, _third;

        private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;

        public uint Events
        {
            readonly get => _events;
            set => _events = value;
        }

        public long Key
        {
            readonly get => IsPacked ? _first | ((long)_second << 32) : _second | ((long)_third << 32);
            set => (_first, _second, _third) = IsPacked ? ((uint)value, (uint)(value >> 32), 0u) : (0u, (uint)value, (uint)(value >> 32));
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(int socket, int file, ref long offset, nint count);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int descriptor, ref Event interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int epoll, out Event ready, int count, int timeout);
}
