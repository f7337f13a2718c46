namespace PSRegistry.Services;

/// <summary>When a service starts.</summary>
public enum ServiceStartupType
{
    /// <summary>With the machine; one of a user, with the user's first session.</summary>
    Automatic,

    /// <summary>When somebody starts it.</summary>
    Manual,
}
