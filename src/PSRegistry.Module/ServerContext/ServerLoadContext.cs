using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace PSRegistry.ServerContext;

/// <summary>
/// Where the server and its libraries live, apart from the session's own assemblies. What both sides of the door must agree on
/// comes from this side; the rest from the server's folder or ASP.NET Core's; and the base library from the engine's context.
/// </summary>
internal sealed class ServerLoadContext(string moduleFolder, string aspNetCoreFolder) : AssemblyLoadContext("PSRegistry.Server", isCollectible: false)
{
    /// <summary>Where assemblies are looked for: compiled ahead for this platform, where the module was packaged so, then for all platforms.</summary>
    private readonly string[] _folders = [.. new[] { Path.Combine(moduleFolder, "server-" + Platform), Path.Combine(moduleFolder, "server"), aspNetCoreFolder }.Where(Directory.Exists)];

    /// <summary>Whose images these processors and this system run.</summary>
    private static string Platform =>
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsLinux() ? "linux-" : "other-") + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Loads an assembly of the server's folder.</summary>
    public Assembly LoadServer(string name) => Find(name + ".dll") ?? throw new FileNotFoundException($"The module lacks {name}.dll; install it again.");

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = assemblyName.Name + ".dll";
        // As PowerShell loaded the module: only so are the references of what is loaded here looked for beside it.
        if (IsShared(assemblyName.Name!))
            return Assembly.LoadFrom(Path.Combine(moduleFolder, file));
        return Find(file);
    }

    private Assembly? Find(string file) =>
        _folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists) is { } path ? LoadFromAssemblyPath(path) : null;

    private bool IsShared(string name) =>
        name.StartsWith("PSRegistry.", StringComparison.Ordinal) && File.Exists(Path.Combine(moduleFolder, name + ".dll"));
}
