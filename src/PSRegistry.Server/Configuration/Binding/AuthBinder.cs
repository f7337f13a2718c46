using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>auth</c>.</summary>
internal static class AuthBinder
{
    private const string Htpasswd = "auth.htpasswd";

    public static AuthConfiguration Bind(ValueReader values)
    {
        // There, even when empty, it asks for a login: what it lacks is then a fault, and no open door.
        if ((values.Node("auth") as MappingNode)?.Find("htpasswd") is not { } section) return new();
        if (section is not (MappingNode or ScalarNode { IsNull: true })) return new();
        var realm = Realm(values, section);
        var path = File(values, section);
        return new() { Htpasswd = realm is null || path is null ? null : new(realm, path) };
    }

    private static string? Realm(ValueReader values, ConfigurationNode section)
    {
        const string Path = Htpasswd + ".realm";
        if (values.Text(Path) is not { Length: > 0 } realm)
            return Missing(values, Path, section, "Add realm: Registry Realm");
        if (realm.All(c => c is >= ' ' and <= '~')) return realm;
        values.Refuse(Path, "it is sent in a header, which takes printable ASCII alone", "Write letters, digits and spaces");
        return null;
    }

    private static string? File(ValueReader values, ConfigurationNode section)
    {
        const string Path = Htpasswd + ".path";
        if (values.Text(Path) is not { Length: > 0 } file)
            return Missing(values, Path, section, "Add path: /etc/registry/htpasswd; where there is no such file, one is made");
        if (Directory.Exists(file))
        {
            values.Refuse(Path, $"\"{file}\" is a folder", "Name a file");
            return null;
        }
        foreach (var remark in Remarks(values, Path, file))
            values.Faults.Warning(Path, values.Origin(Path), $"{file}, {remark}", "Correct that line");
        return file;
    }

    /// <summary>What is wrong inside the file; one that is missing is made at the start.</summary>
    private static IReadOnlyList<string> Remarks(ValueReader values, string path, string file)
    {
        try
        {
            return System.IO.File.Exists(file) ? HtpasswdUsers.Parse(System.IO.File.ReadAllText(file)).Remarks : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            values.Refuse(path, $"{file} cannot be read", "Give the registry's user the right to read it");
            return [];
        }
    }

    private static string? Missing(ValueReader values, string path, ConfigurationNode section, string remedy)
    {
        if (values.Node(path) is null or ScalarNode { Text: "" })
            values.Faults.Error(path, values.Node(path)?.Origin ?? section.Origin, "it is required here and missing", remedy);
        return null;
    }
}
