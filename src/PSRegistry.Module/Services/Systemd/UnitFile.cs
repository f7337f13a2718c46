using System.Globalization;

namespace PSRegistry.Services.Systemd;

/// <summary>
/// The unit of a service. Type=notify with a signal for reloads is understood by every systemd, where notify-reload needs version 253; the
/// program tells of a reload either way. No MemoryDenyWriteExecute: the portable program compiles while it runs.
/// </summary>
internal static class UnitFile
{
    /// <summary>What tells a unit of ours from one that is not to be touched.</summary>
    public const string Mark = "# Written by Register-RegistryService of PSRegistry, which writes it anew with -Force.";

    /// <summary>Names that stand in the unit so that they can be told without the right to read the values.</summary>
    public const string VariableNames = "X-PSRegistryEnvironment";

    /// <summary>On top of the time that the configuration gives to requests in flight.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(30);

    /// <exception cref="ServiceException">A value cannot be written, or the service could not work.</exception>
    public static string Write(ServicePlan plan, string environmentFile) => string.Join('\n',
    [
        Mark,
        $"# Own settings belong into {plan.Name}.service.d/*.conf (systemctl edit {plan.Name}), which stay.",
        "[Unit]",
        $"Description=PSRegistry, container registry by {UnitText.Bare(plan.ConfigPath)}",
        .. plan.Scope is ServiceScope.System ? ["Wants=network-online.target", "After=network-online.target"] : Array.Empty<string>(),
        "",
        "[Service]",
        "Type=notify",
        // The program's own path takes no variables, so that a dollar in it is one.
        $"ExecStart={UnitText.Quoted(plan.ProgramPath)} serve {UnitText.Argument(plan.ConfigPath)}",
        "ExecReload=/bin/kill -HUP $MAINPID",
        $"WorkingDirectory={UnitText.Bare(Path.GetDirectoryName(plan.ConfigPath)!)}",
        .. Variables(plan, environmentFile),
        "KillSignal=SIGTERM",
        string.Create(CultureInfo.InvariantCulture, $"TimeoutStopSec={Math.Ceiling((plan.Needs.DrainTime + Closing).TotalSeconds):F0}"),
        "Restart=on-failure",
        "RestartSec=5",
        "# 2: the configuration has faults, and trying again does not mend them.",
        "RestartPreventExitStatus=2",
        "WatchdogSec=120",
        "",
        "NoNewPrivileges=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        "SystemCallFilter=@system-service",
        "SystemCallErrorNumber=EPERM",
        "SystemCallArchitectures=native",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "LockPersonality=yes",
        .. plan.Scope is ServiceScope.System ? SystemUnit.Lines(plan) : [],
        "",
        "[Install]",
        $"WantedBy={(plan.Scope is ServiceScope.System ? "multi-user.target" : "default.target")}",
        "",
    ]);

    private static IEnumerable<string> Variables(ServicePlan plan, string environmentFile) => plan.Environment.Count == 0
        ? []
        : [$"EnvironmentFile={UnitText.Bare(environmentFile)}", $"{VariableNames}={string.Join(' ', plan.Environment.Keys.Order(StringComparer.Ordinal))}"];
}
