using System.Reflection;
using System.Runtime.Loader;

namespace PSRegistry.ServerContext;

/// <summary>
/// Where the server and its libraries live, apart from the session's own assemblies. What both sides of the door must agree on
/// comes from this side; the rest from the server's folder or ASP.NET Core's; and the base library from the engine's context.
/// </summary>
internal sealed class ServerLoadContext(string moduleFolder, string aspNetCoreFolder) : AssemblyLoadContext("PSRegistry.Server", isCollectible: false)
{
    private readonly string _serverFolder = Path.Combine(moduleFolder, "server");

    /// <summary>Loads an assembly of the server's folder.</summary>
    public Assembly LoadServer(string name) => LoadFromAssemblyPath(Path.Combine(_serverFolder, name + ".dll"));

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = assemblyName.Name + ".dll";
        // As PowerShell loaded the module: only so are the references of what is loaded here looked for beside it.
        if (IsShared(assemblyName.Name!))
            return Assembly.LoadFrom(Path.Combine(moduleFolder, file));
        foreach (var folder in new[] { _serverFolder, aspNetCoreFolder })
        {
            var path = Path.Combine(folder, file);
            if (File.Exists(path))
                return LoadFromAssemblyPath(path);
        }
        return null;
    }

    private bool IsShared(string name) =>
        name.StartsWith("PSRegistry.", StringComparison.Ordinal) && File.Exists(Path.Combine(moduleFolder, name + ".dll"));
}
