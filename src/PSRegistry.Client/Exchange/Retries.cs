namespace PSRegistry.Client;

/// <summary>When to try a GET again, and after what pause.</summary>
internal static class Retries
{
    /// <summary>How often a failed request is repeated.</summary>
    private const int Most = 3;

    /// <summary>Who asks for more patience than this gets it from the user, not from a command that seems to hang.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <summary>The pause before the next attempt; null when there is to be none.</summary>
    /// <param name="fault">Why the last attempt failed.</param>
    /// <param name="done">How many repetitions were made.</param>
    public static TimeSpan? PauseAfter(RegistryRequestException fault, int done)
    {
        if (done >= Most || !MayPass(fault))
            return null;
        // Doubled each time, and spread so that many requests refused together do not come back together.
        var pause = FirstPause * Math.Pow(2, done) * (1 + Random.Shared.NextDouble() / 2);
        if (fault.RetryAfter is { } asked && asked > pause)
            pause = asked;
        return pause <= LongestPause ? pause : null;
    }

    private static bool MayPass(RegistryRequestException fault) => fault.Failure switch
    {
        RegistryFailure.TooManyRequests or RegistryFailure.ConnectionLost => true,
        RegistryFailure.ServerFault => fault.Status is 502 or 503 or 504,
        _ => false,
    };
}
