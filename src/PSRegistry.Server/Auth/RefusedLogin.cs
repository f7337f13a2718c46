namespace PSRegistry.Server.Auth;

/// <summary>Who was not let in, for the logs. Nobody is this user: only a <see cref="Caller"/> is somebody.</summary>
/// <param name="User">The user of the file whose password it was not.</param>
internal sealed record RefusedLogin(string User)
{
    /// <summary>The name of a user who is not there stays out of logs: people type their password into the wrong field.</summary>
    public const string Unknown = "(not in the file)";
}
