using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Server.Transport;

/// <summary>
/// Tells which sockets have come to have room, by epoll(7): once for each time that a socket was full and is so no more, and once
/// at the beginning. Also those that broke or were shut down: whoever sends to one learns it then, and must, to let go of it.
/// </summary>
internal sealed partial class WritableSockets
{
    /// <summary>How many are told at a time.</summary>
    public const int Most = 64;

    private const int CloseOnExec = 0x80000, Add = 1, Remove = 2;
    private const short Writable = 0x4;
    private const uint WritableEdge = (uint)Writable | 0x8000_0000;

    /// <summary><c>struct epoll_event</c> is packed on x86-64 and nowhere else: the events, and the key in the last two words.</summary>
    private static readonly int Words = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 3 : 4;

    private readonly SafeFileHandle _epoll = EpollCreate(CloseOnExec);
    private readonly uint[] _events = new uint[Most * Words];

    /// <exception cref="SocketException">The system has no more of them.</exception>
    public WritableSockets()
    {
        if (_epoll.IsInvalid)
            throw new SocketException(Marshal.GetLastPInvokeError());
    }

    /// <summary>Begins to watch; null, or why it cannot.</summary>
    /// <param name="descriptor">The socket's, which stays open until it is forgotten.</param>
    /// <param name="key">What it is told by.</param>
    public SocketException? Watch(int descriptor, long key)
    {
        Span<uint> interest = stackalloc uint[Words];
        interest[0] = WritableEdge;
        MemoryMarshal.Write(MemoryMarshal.AsBytes(interest[^2..]), key);
        return EpollControl(_epoll, Add, descriptor, interest) < 0 ? new SocketException(Marshal.GetLastPInvokeError()) : null;
    }

    /// <summary>Whether a socket has room now, or is broken.</summary>
    public static bool HasRoom(int descriptor)
    {
        var asked = new Asked { Descriptor = descriptor, Events = Writable };
        return Poll(ref asked, 1, 0) == 1;
    }

    public void Forget(int descriptor) => _ = EpollControl(_epoll, Remove, descriptor, _events);

    /// <summary>Fills in the keys of sockets with new room, and returns how many. One thread at a time.</summary>
    public int Wait(Span<long> keys, bool isToWait)
    {
        var count = Math.Max(EpollWait(_epoll, _events, Most, isToWait ? -1 : 0), 0);
        for (var i = 0; i < count; i++)
            keys[i] = MemoryMarshal.Read<long>(MemoryMarshal.AsBytes(_events.AsSpan(i * Words, Words)[^2..]));
        return count;
    }

    /// <summary><c>struct pollfd</c></summary>
    private struct Asked
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Asked asked, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial SafeFileHandle EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(SafeFileHandle epoll, int operation, int descriptor, Span<uint> interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(SafeFileHandle epoll, Span<uint> events, int count, int timeout);
}
