namespace PSRegistry.Host;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    /// <summary>Stopped as asked, or done.</summary>
    public const int Stopped = 0;

    /// <summary>Could not start: address in use, data folder not usable, no password to hash.</summary>
    public const int CannotStart = 1;

    /// <summary>The configuration or the command line has faults; nothing was started.</summary>
    public const int FaultyConfiguration = 2;
}
