namespace PSRegistry.Host.Services;

/// <summary>What whoever runs the program as a service wants to hear.</summary>
internal interface IServiceNotices
{
    /// <summary>It listens, or goes on after a reload.</summary>
    /// <param name="status">How, for people.</param>
    void Ready(string status);

    /// <summary>The configuration is being read again; <see cref="Ready"/> ends it.</summary>
    void Reloading();

    /// <summary>No new work is taken.</summary>
    /// <param name="drain">How long requests in flight may take at most.</param>
    void Stopping(TimeSpan drain);
}
