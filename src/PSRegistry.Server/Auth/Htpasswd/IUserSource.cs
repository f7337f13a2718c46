namespace PSRegistry.Server.Auth;

/// <summary>Who may log in at the moment.</summary>
internal interface IUserSource
{
    /// <summary>The users; null while nobody can tell.</summary>
    HtpasswdUsers? Current();
}
