using PSRegistry.Server;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Host;

/// <summary>What the program says when it is ready: where it listens, where the data is, and what to try.</summary>
internal static class StartUpLines
{
    public static async Task WriteAsync(TextWriter output, RegistryServer server, RegistryConfiguration configuration)
    {
        var data = configuration.Storage.Driver == StorageDriverKind.InMemory
            ? "in memory, gone when the program stops"
            : Path.GetFullPath(configuration.Storage.RootDirectory);
        var addresses = configuration.Http.SocketPath is { } socket ? $"unix:{socket}" : string.Join(", ", server.Addresses);
        await output.WriteLineAsync($"psregistry {typeof(RegistryServer).Assembly.GetName().Version?.ToString(3)} listens on {addresses}");
        await output.WriteLineAsync($"data folder: {data}");
        if (configuration.Storage.ReadOnly)
            await output.WriteLineAsync("read-only: pushes and deletions are refused");
        if (server.NewUser is { } user)
            await output.WriteLineAsync($"new user:    {user.Name}, password {user.Password} (shown this once; it is in {configuration.Auth.Htpasswd?.Path})");
        await output.WriteLineAsync($"try:         {Try(server, configuration, server.NewUser?.Name ?? "USER")}");
        await output.FlushAsync();
    }

    private static string Try(RegistryServer server, RegistryConfiguration configuration, string user)
    {
        var login = configuration.Auth.Htpasswd is null ? "" : $"-u {user} ";
        var prefix = configuration.Http.Prefix;
        if (configuration.Http.SocketPath is { } socket)
            return $"curl {login}--unix-socket {socket} http://localhost{prefix}v2/_catalog";
        return $"curl {login}{new Uri(Reachable(server.Addresses[0]), prefix)}v2/_catalog";
    }

    /// <summary>Nobody can call "every interface"; from this machine the loopback address will do.</summary>
    private static Uri Reachable(Uri address) => address.Host is "[::]" or "0.0.0.0" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
}
