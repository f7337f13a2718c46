namespace PSRegistry.Client;

/// <summary>When to try a request again, and after what pause.</summary>
internal static class Retries
{
    /// <summary>How often a failed request is repeated.</summary>
    private const int Most = 3;

    /// <summary>Who asks for more patience than this gets it from the user, not from a command that seems to hang.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <summary>The pause before the next attempt; null when there is to be none.</summary>
    /// <param name="repeat">What the request bears.</param>
    /// <param name="fault">Why the last attempt failed.</param>
    /// <param name="done">How many repetitions were made.</param>
    public static TimeSpan? PauseAfter(Repeat repeat, RegistryRequestException fault, int done)
    {
        if (done >= Most || !MayPass(repeat, fault))
            return null;
        var pause = Pause(done);
        if (fault.RetryAfter is { } asked && asked > pause)
            pause = asked;
        return pause <= LongestPause ? pause : null;
    }

    /// <summary>Doubled each time, and spread so that many requests refused together do not come back together.</summary>
    public static TimeSpan Pause(int done) => FirstPause * Math.Pow(2, done) * (1 + Random.Shared.NextDouble() / 2);

    private static bool MayPass(Repeat repeat, RegistryRequestException fault) => fault.Failure switch
    {
        _ when repeat == Repeat.Never => false,
        RegistryFailure.TooManyRequests => true,
        RegistryFailure.ConnectionLost => repeat == Repeat.Always,
        RegistryFailure.ServerFault => fault.Status is 503 || (fault.Status is 502 or 504 && repeat == Repeat.Always),
        _ => false,
    };
}
