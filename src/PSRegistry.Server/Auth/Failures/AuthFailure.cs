namespace PSRegistry.Server.Auth;

/// <summary>Why somebody was not let in, as metrics and the audit log call it.</summary>
internal static class AuthFailure
{
    /// <summary>The password is wrong.</summary>
    public const string Password = "password";

    /// <summary>Nobody has that name.</summary>
    public const string UnknownUser = "unknown-user";

    /// <summary>Too many logins failed before; this one was not looked at.</summary>
    public const string Slowed = "slowed";

    /// <summary>Too many logins were being checked; this one was not looked at.</summary>
    public const string Busy = "busy";

    /// <summary>An access token is not good.</summary>
    public const string Token = "token";

    /// <summary>A refresh token is not good, or its user has another password by now.</summary>
    public const string RefreshToken = "refresh-token";
}
