using PSRegistry.Hosting;

namespace PSRegistry.ServerContext;

/// <summary>The way to the server: opened at the first use, so that importing the module costs nothing of it.</summary>
internal static class ServerDoor
{
    private static readonly Lazy<IRegistryServices> Opened = new(OpenOnce, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>What stands behind the door.</summary>
    /// <exception cref="AspNetCoreMissingException">ASP.NET Core is nowhere to be found.</exception>
    public static IRegistryServices Open() => Opened.Value;

    private static IRegistryServices OpenOnce()
    {
        var moduleFolder = Path.GetDirectoryName(typeof(ServerDoor).Assembly.Location)!;
        var aspNetCore = AspNetCoreFolder.Find(moduleFolder) ?? throw new AspNetCoreMissingException(Environment.Version.ToString(2));
        var server = new ServerLoadContext(moduleFolder, aspNetCore).LoadServer("PSRegistry.Server");
        return (IRegistryServices)Activator.CreateInstance(server.GetType("PSRegistry.Server.RegistryServices", throwOnError: true)!)!;
    }
}
