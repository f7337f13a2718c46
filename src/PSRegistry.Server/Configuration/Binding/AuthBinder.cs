using System.Diagnostics.CodeAnalysis;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>auth</c>.</summary>
internal static class AuthBinder
{
    private const string Htpasswd = "auth.htpasswd";

    public static AuthConfiguration Bind(ValueReader values)
    {
        // There, even when empty, it asks for a login: what it lacks is then a fault, and no open door.
        if (values.Node("auth") is not MappingNode auth) return new();
        return new()
        {
            Htpasswd = IsChosen(auth, "htpasswd", out var section) ? BindHtpasswd(values, section) : null,
            Token = IsChosen(auth, "token", out section) ? TokenBinder.Bind(values, section) : null,
            Silly = IsChosen(auth, "silly", out section) ? BindSilly(values, section) : null,
        };
    }

    private static bool IsChosen(MappingNode auth, string name, [NotNullWhen(true)] out ConfigurationNode? section)
    {
        section = auth.Find(name);
        return section is MappingNode or ScalarNode { IsNull: true };
    }

    private static HtpasswdConfiguration? BindHtpasswd(ValueReader values, ConfigurationNode section)
    {
        var realm = HeaderText(values, Htpasswd + ".realm", section, "Add realm: Registry Realm");
        var path = File(values, section);
        return realm is null || path is null ? null : new(realm, path)
        {
            Issuer = section is MappingNode map && IsChosen(map, "issuer", out _) ? IssuerBinder.Bind(values) : null,
        };
    }

    private static SillyConfiguration? BindSilly(ValueReader values, ConfigurationNode section)
    {
        const string Path = "auth.silly";
        var realm = HeaderText(values, Path + ".realm", section, "Add realm: http://localhost/token");
        var service = HeaderText(values, Path + ".service", section, "Add service: registry");
        values.Faults.Warning(Path, section.Origin, "it lets in everybody who sends any Authorization header, whatever that says", "Use it for trials of clients alone; auth.htpasswd and auth.token protect");
        return realm is null || service is null ? null : new(realm, service);
    }

    /// <summary>A required text that goes into a challenge.</summary>
    public static string? HeaderText(ValueReader values, string path, ConfigurationNode section, string remedy)
    {
        if (values.Text(path) is not { Length: > 0 } text)
            return Missing(values, path, section, remedy);
        if (text.All(c => c is >= ' ' and <= '~')) return text;
        values.Refuse(path, "it is sent in a header, which takes printable ASCII alone", "Write letters, digits and spaces");
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

    /// <summary>Reports a required key that is not there, or empty; one of another shape was reported before.</summary>
    public static string? Missing(ValueReader values, string path, ConfigurationNode section, string remedy)
    {
        if (values.Node(path) is null or ScalarNode { Text: "" })
            values.Faults.Error(path, values.Node(path)?.Origin ?? section.Origin, "it is required here and missing", remedy);
        return null;
    }
}
