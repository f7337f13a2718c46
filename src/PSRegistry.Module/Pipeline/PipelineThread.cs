namespace PSRegistry.Pipeline;

/// <summary>
/// The one place where asynchronous work is waited for: PowerShell calls a cmdlet on its pipeline thread and takes output from no other.
/// The work runs on the pool, so that nothing of it can wait for the thread that waits for it.
/// </summary>
internal static class PipelineThread
{
    public static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    public static void Wait(Func<Task> work) => Task.Run(work).GetAwaiter().GetResult();
}
