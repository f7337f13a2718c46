namespace PSRegistry.Client;

/// <summary>Under which keys docker and podman keep the login of a registry.</summary>
internal static class RegistryKey
{
    private const string DockerHub = "docker.io", DockerHubKey = "https://index.docker.io/v1/";

    /// <summary>The key to write: the authority, or Docker Hub's own.</summary>
    public static string Of(RegistryAddress registry) => registry.Authority == DockerHub ? DockerHubKey : registry.Authority;

    /// <summary>Whether a key that somebody wrote means the registry: with or without a scheme, with a path behind it.</summary>
    public static bool Matches(string key, RegistryAddress registry)
    {
        if (key == Of(registry))
            return true;
        var host = HostOf(key);
        return registry.Authority == DockerHub
            ? host is DockerHub or "index.docker.io" or "registry-1.docker.io"
            : host.Equals(registry.Authority, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The registry that a key means, as users name it; null when it is none.</summary>
    public static string? NameOf(string key)
    {
        var host = HostOf(key);
        if (host is "index.docker.io" or "registry-1.docker.io")
            return DockerHub;
        return !host.Contains('/', StringComparison.Ordinal) && RegistryAddress.TryParse(host, out var registry, out _) ? registry.Authority : null;
    }

    private static string HostOf(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var host = scheme >= 0 ? key[(scheme + 3)..] : key;
        // podman's keys may go on to a namespace, whose login is not the registry's.
        return scheme < 0 ? host : host.Split('/')[0];
    }
}
