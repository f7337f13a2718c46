namespace PSRegistry.Client;

/// <summary>Where docker and podman keep logins.</summary>
internal static class CredentialFiles
{
    /// <summary>The files in the order in which they are looked into, whether they exist or not.</summary>
    public static IReadOnlyList<string> Find(Func<string, string?> variable)
    {
        if (variable("REGISTRY_AUTH_FILE") is { Length: > 0 } only)
            return [only];
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var docker = variable("DOCKER_CONFIG") is { Length: > 0 } folder ? folder : Path.Combine(home, ".docker");
        var files = new List<string> { Path.Combine(docker, "config.json") };
        if (variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
            files.Add(Path.Combine(runtime, "containers", "auth.json"));
        var configuration = variable("XDG_CONFIG_HOME") is { Length: > 0 } named ? named : Path.Combine(home, ".config");
        files.Add(Path.Combine(configuration, "containers", "auth.json"));
        return files;
    }
}
