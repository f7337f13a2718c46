namespace PSRegistry.Services.Systemd;

/// <summary>Where units are written: the first folder of SYSTEMD_UNIT_PATH, by which systemd itself is told, else the one for administrators or for users.</summary>
internal static class UnitPlaces
{
    private const string Ending = ".service";

    public static string Unit(string name, ServiceScope scope) => Path.Combine(Folder(scope), name + Ending);

    /// <summary>Beside the unit; systemd takes no unit from a file of that ending.</summary>
    public static string Environment(string unit) => Path.ChangeExtension(unit, ".env");

    public static IEnumerable<string> Units(ServiceScope scope) =>
        Directory.Exists(Folder(scope)) ? Directory.EnumerateFiles(Folder(scope), "*" + Ending).Order(StringComparer.Ordinal) : [];

    private static string Folder(ServiceScope scope)
    {
        if (System.Environment.GetEnvironmentVariable("SYSTEMD_UNIT_PATH")?.Split(':') is [{ Length: > 0 } told, ..] && Path.IsPathFullyQualified(told))
            return scope is ServiceScope.System ? told : Path.Combine(told, "user");
        if (scope is ServiceScope.System)
            return "/etc/systemd/system";
        var configuration = System.Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        return Path.Combine(
            Path.IsPathFullyQualified(configuration ?? "") ? configuration! : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".config"),
            "systemd", "user");
    }
}
