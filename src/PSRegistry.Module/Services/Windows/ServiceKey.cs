using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using Microsoft.Win32;

namespace PSRegistry.Services.Windows;

/// <summary>The key of a service in Windows' registry: what the service manager reads, and what tells a service of ours from another.</summary>
[SupportedOSPlatform("windows")]
internal static class ServiceKey
{
    private const string All = @"SYSTEM\CurrentControlSet\Services", Variables = "Environment", Ours = @"Parameters\PSRegistry";

    public static string Path(string name) => $@"HKLM\{All}\{name}";

    public static bool Exists(string name)
    {
        using var key = Registry.LocalMachine.OpenSubKey($@"{All}\{name}");
        return key is not null;
    }

    /// <summary>The services of ours that this user may look at.</summary>
    public static IEnumerable<ServiceEntry> List()
    {
        using var services = Registry.LocalMachine.OpenSubKey(All);
        return [.. (services?.GetSubKeyNames() ?? []).Select(Read).OfType<ServiceEntry>()];
    }

    /// <summary>A service of ours; null where there is none, it is another's, or is kept from this user.</summary>
    public static ServiceEntry? Read(string name)
    {
        try
        {
            using var key = Registry.LocalMachine.OpenSubKey($@"{All}\{name}");
            using var ours = key?.OpenSubKey(Ours);
            if (ours is null)
                return null;
            var names = (key!.GetValue(Variables) as string[] ?? []).Select(variable => variable.Split('=', 2)[0]);
            return new ServiceEntry(name, (string)ours.GetValue("ConfigPath", ""), (string)ours.GetValue("ProgramPath", ""), key.GetValue("ObjectName") as string, key.GetValue("Start") is 2, [.. names]);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or System.Security.SecurityException)
        {
            return null;
        }
    }

    /// <summary>Writes the variables, and closes the key to ordinary users, who may read those of services otherwise.</summary>
    public static void Write(ServicePlan plan)
    {
        using var key = Registry.LocalMachine.OpenSubKey($@"{All}\{plan.Name}", RegistryKeyPermissionCheck.ReadWriteSubTree, RegistryRights.FullControl)
            ?? throw new UnauthorizedAccessException($"{Path(plan.Name)} is gone.");
        using (var ours = key.CreateSubKey(Ours))
        {
            ours.SetValue("ConfigPath", plan.ConfigPath);
            ours.SetValue("ProgramPath", plan.ProgramPath);
        }
        key.DeleteValue(Variables, throwOnMissingValue: false);
        if (plan.Environment.Count == 0)
            return;
        var security = new RegistrySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var who in new[] { WellKnownSidType.LocalSystemSid, WellKnownSidType.BuiltinAdministratorsSid })
        {
            security.AddAccessRule(new RegistryAccessRule(
                new SecurityIdentifier(who, null), RegistryRights.FullControl, InheritanceFlags.ContainerInherit, PropagationFlags.None, AccessControlType.Allow));
        }
        key.SetAccessControl(security);
        key.SetValue(Variables, plan.Environment.Select(variable => $"{variable.Key}={variable.Value}").ToArray(), RegistryValueKind.MultiString);
    }
}

/// <summary>A service as it stands in Windows' registry.</summary>
internal sealed record ServiceEntry(string Name, string ConfigPath, string ProgramPath, string? User, bool IsAutomatic, IReadOnlyList<string> Variables);
