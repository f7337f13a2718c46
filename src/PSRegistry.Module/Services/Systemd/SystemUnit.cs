using System.Text.RegularExpressions;

namespace PSRegistry.Services.Systemd;

/// <summary>What only a service of the machine can be told: as whom it runs, and what it sees of the file system.</summary>
internal static partial class SystemUnit
{
    /// <exception cref="ServiceException">Its user could not write where it must, or not see what it must.</exception>
    public static IEnumerable<string> Lines(ServicePlan plan)
    {
        var folders = plan.Needs.WrittenFolders;
        var seen = plan.Needs.Paths.Concat([plan.ProgramPath, plan.ConfigPath]).ToList();
        var others = Folders.Others(folders);
        Check(plan, others, seen);
        return
        [
            .. plan.User is { } user ? [$"User={user}"] : new[] { $"User={plan.Name}", "DynamicUser=yes" },
            .. Folders.KeptLines(folders),
            "ProtectSystem=strict",
            .. others.Select(folder => $"ReadWritePaths={UnitText.Quoted(folder)}"),
            // What the configuration names has to be seen; the rest of the users' folders does not.
            seen.Exists(path => Folders.IsIn(path, "/home", "/root", "/run/user")) ? "ProtectHome=read-only" : "ProtectHome=yes",
            .. seen.Exists(path => Folders.IsIn(path, "/tmp", "/var/tmp")) ? Array.Empty<string>() : ["PrivateTmp=yes"],
            "PrivateDevices=yes",
            "ProtectProc=invisible",
            "ProtectClock=yes",
            "ProtectHostname=yes",
            "ProtectControlGroups=yes",
            "ProtectKernelLogs=yes",
            "ProtectKernelModules=yes",
            "ProtectKernelTunables=yes",
            .. plan.Needs.NeedsLowPort
                ? ["CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "AmbientCapabilities=CAP_NET_BIND_SERVICE"]
                : new[] { "CapabilityBoundingSet=" },
            "LimitNOFILE=524288",
        ];
    }

    private static void Check(ServicePlan plan, IReadOnlyList<string> others, IReadOnlyList<string> seen)
    {
        if (plan.User is not null && !User().IsMatch(plan.User))
            throw new ServiceException(ServiceFailure.InvalidValue, $"'{UserText(plan.User)}' is no name of a user: letters, digits, '_', '-' and '.', at most 31.");
        if (plan.User is null && others is [var foreign, ..])
        {
            throw new ServiceException(
                ServiceFailure.Unworkable, $"The configuration writes to '{foreign}', which a user that is made for the service cannot own: systemd gives it folders below /var/lib, /var/cache, /var/log and /run alone.",
                "Move it there, or name the user that owns it with -User.");
        }
        if (plan.User is null && seen.FirstOrDefault(path => Folders.IsIn(path, "/tmp", "/var/tmp", "/home", "/root", "/run/user")) is { } hidden)
            throw new ServiceException(ServiceFailure.Unworkable, $"'{hidden}' cannot be relied on by a user that is made for the service: it gets a /tmp of its own, and no rights in home folders.", "Move it (a program to /usr/local/bin, a configuration to /etc/registry), or name the user that owns it with -User.");
        if (others.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
            throw new ServiceException(ServiceFailure.Unworkable, $"The configuration writes to '{missing}', which is not there, and the service may not make it.", $"Run: install -d -o {plan.User} '{missing}'");
    }

    private static string UserText(string user) => new([.. user.Select(character => char.IsControl(character) ? '?' : character)]);

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}\z")]
    private static partial Regex User();
}
