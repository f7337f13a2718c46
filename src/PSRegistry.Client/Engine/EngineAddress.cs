namespace PSRegistry.Client;

/// <summary>Where engines listen on this machine.</summary>
internal static class EngineAddress
{
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
            return host;
        if (OperatingSystem.IsWindows())
            return "npipe:////./pipe/docker_engine";
        var found = Sockets().FirstOrDefault(File.Exists)
            ?? throw new ArchiveException("docker", "No docker or podman engine was found on this machine. If one runs, name its socket in DOCKER_HOST.")
            {
                Failure = ArchiveFailure.Engine,
            };
        return $"unix://{found}";
    }

    private static IEnumerable<string> Sockets()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        yield return "/var/run/docker.sock";
        if (runtime is not null)
            yield return Path.Combine(runtime, "docker.sock");
        yield return Path.Combine(home, ".docker", "run", "docker.sock");
        if (runtime is not null)
            yield return Path.Combine(runtime, "podman", "podman.sock");
        yield return "/run/podman/podman.sock";
    }
}
