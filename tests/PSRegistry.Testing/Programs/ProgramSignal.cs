using System.Runtime.InteropServices;

namespace PSRegistry.Testing;

/// <summary>The signals that a server gets, by their POSIX numbers.</summary>
public enum ProgramSignal
{
    /// <summary>SIGINT, as Ctrl+C sends it.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL: nothing can be done about it; what a power cut looks like to the program.</summary>
    Kill = 9,

    /// <summary>SIGHUP: the terminal is gone; or, to a service: read the configuration again.</summary>
    HangUp = 1,

    /// <summary>SIGTERM, as service managers and containers send it.</summary>
    Terminate = 15,
}

internal static partial class Signals
{
    public static void Send(int processId, ProgramSignal signal)
    {
        if (Kill(processId, (int)signal) != 0)
        {
            throw new InvalidOperationException($"kill({processId}, {signal}) failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
