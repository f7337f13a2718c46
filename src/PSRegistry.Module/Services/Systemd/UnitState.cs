namespace PSRegistry.Services.Systemd;

/// <summary>What systemd says of a unit.</summary>
internal readonly record struct UnitState(RegistryServiceStatus Status, bool IsEnabled)
{
    /// <summary>Whether it is enabled can be told without a systemd that runs.</summary>
    public static async Task<UnitState> OfAsync(Systemctl systemctl, string unit, CancellationToken cancellationToken)
    {
        var (exitCode, output, _) = await systemctl.RunAsync(["show", "--property=ActiveState", unit], cancellationToken);
        var status = exitCode == 0 ? Meaning(output.Trim()) : RegistryServiceStatus.Unknown;
        return new UnitState(status, (await systemctl.RunAsync(["is-enabled", unit], cancellationToken)).Output.Trim() == "enabled");
    }

    private static RegistryServiceStatus Meaning(string active) => active switch
    {
        "ActiveState=active" or "ActiveState=reloading" => RegistryServiceStatus.Running,
        "ActiveState=activating" => RegistryServiceStatus.Starting,
        "ActiveState=deactivating" => RegistryServiceStatus.Stopping,
        "ActiveState=inactive" => RegistryServiceStatus.Stopped,
        "ActiveState=failed" => RegistryServiceStatus.Failed,
        _ => RegistryServiceStatus.Unknown,
    };
}
