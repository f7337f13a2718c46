using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace PSRegistry.Server.Transport;

/// <summary>
/// A listening socket that begins no more connections and yet ends none: Linux drops what would begin one (SYN without ACK), by a filter.
/// Whoever comes tries again after a second, and is refused once the socket is closed, before anything was sent.
/// </summary>
internal static unsafe class ShutDoor
{
    private const int SocketLevel = 1, AttachFilter = 26;
    private const ushort LoadByte = 0x30, And = 0x54, SkipUnlessEqual = 0x15, Return = 0x06;
    private const uint FlagsOfTcp = 13, SynAndAck = 0x12, Syn = 0x02, Nothing = 0, Everything = uint.MaxValue;

    /// <summary>Shuts it where the system can; elsewhere it stays as it is.</summary>
    /// <exception cref="SocketException">The socket is none, or the system refuses.</exception>
    public static void Shut(Socket listening)
    {
        if (!OperatingSystem.IsLinux() || listening.AddressFamily is AddressFamily.Unix)
            return;
        ReadOnlySpan<Instruction> instructions =
        [
            new(LoadByte, 0, FlagsOfTcp),
            new(And, 0, SynAndAck),
            new(SkipUnlessEqual, 1, Syn),
            new(Return, 0, Nothing),
            new(Return, 0, Everything),
        ];
        fixed (Instruction* first = instructions)
        {
            var program = new Program((ushort)instructions.Length, first);
            listening.SetRawSocketOption(SocketLevel, AttachFilter, new ReadOnlySpan<byte>(&program, sizeof(Program)));
        }
    }

    /// <summary><c>struct sock_filter</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte skip, uint operand)
    {
        public readonly ushort Code = code;
        public readonly byte SkipIfTrue;
        public readonly byte SkipIfFalse = skip;
        public readonly uint Operand = operand;
    }

    /// <summary><c>struct sock_fprog</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Program(ushort length, Instruction* first)
    {
        public readonly ushort Length = length;
        public readonly Instruction* First = first;
    }
}
