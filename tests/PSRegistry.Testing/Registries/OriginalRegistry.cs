namespace PSRegistry.Testing;

/// <summary>The original registry, CNCF Distribution 2.8, as Debian ships it (package docker-registry).</summary>
public static class OriginalRegistry
{
    /// <summary>Starts it; skips the test where it is not installed.</summary>
    public static Task<RegistryProcess> StartAsync(RegistrySettings settings, CancellationToken cancellationToken)
    {
        var program = Peer.Require("docker-registry");
        return RegistryProcess.StartAsync(file => new ProgramCommand(program, ["serve", file]), settings, cancellationToken);
    }
}
