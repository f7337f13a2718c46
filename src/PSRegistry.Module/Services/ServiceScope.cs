namespace PSRegistry.Services;

/// <summary>Whose service it is.</summary>
public enum ServiceScope
{
    /// <summary>The machine's: it runs whoever is logged in. Registering it takes root or an administrator.</summary>
    System,

    /// <summary>The user's own, on Linux: it runs with the user's rights, under the systemd of the user.</summary>
    User,
}
