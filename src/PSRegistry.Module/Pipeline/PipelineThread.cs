namespace PSRegistry.Pipeline;

/// <summary>
/// The one place where asynchronous work is waited for: PowerShell calls a cmdlet on its pipeline thread and takes output from no other.
/// The work runs on the pool, so that nothing of it can wait for the thread that waits for it.
/// </summary>
internal static class PipelineThread
{
    public static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    public static void Wait(Func<Task> work) => Task.Run(work).GetAwaiter().GetResult();

    /// <summary>
    /// Waits, and calls <paramref name="tick"/> on this thread every so often meanwhile. Where that throws, as all output does once the
    /// pipeline has ended, the work is cancelled and its end awaited.
    /// </summary>
    public static T Wait<T>(Func<CancellationToken, Task<T>> work, TimeSpan every, Action tick, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Task.Run(() => work(stopping.Token), CancellationToken.None);
        try
        {
            while (!HasEnded(running, every))
                tick();
        }
        catch
        {
            stopping.Cancel();
            HasEnded(running, Timeout.InfiniteTimeSpan);
            throw;
        }
        return running.GetAwaiter().GetResult();
    }

    private static bool HasEnded(Task work, TimeSpan within) =>
        Task.WhenAny(work, Task.Delay(within)).GetAwaiter().GetResult() == work;
}
