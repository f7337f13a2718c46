namespace PSRegistry.Output;

/// <summary>A login that this process keeps. It holds no password and no token.</summary>
public sealed class RegistryConnection
{
    internal RegistryConnection(string registry, Uri uri, string? user, string? loginSource, bool skipsCertificateCheck)
    {
        Registry = registry;
        Uri = uri;
        User = user;
        LoginSource = loginSource;
        SkipsCertificateCheck = skipsCertificateCheck;
        Connected = DateTime.Now;
    }

    /// <summary>The registry: <c>host</c>, <c>host:port</c>, or a URL where nothing shorter names it.</summary>
    public string Registry { get; }

    /// <summary>The URL under which its API lies.</summary>
    public Uri Uri { get; }

    /// <summary>Who is logged in; null for nobody.</summary>
    public string? User { get; }

    /// <summary>Where the login was found: a file of docker or podman, or a credential helper; null for one that was given, and for none.</summary>
    public string? LoginSource { get; }

    /// <summary>Whether any certificate is accepted.</summary>
    public bool SkipsCertificateCheck { get; }

    /// <summary>When the login was verified, in local time.</summary>
    public DateTime Connected { get; }

    /// <summary>The registry.</summary>
    public override string ToString() => Registry;
}
