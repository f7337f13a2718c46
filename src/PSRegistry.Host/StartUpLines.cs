using PSRegistry.Server;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Host;

/// <summary>What the program says when it is ready: where it listens, where the data is, and what to try.</summary>
internal static class StartUpLines
{
    public static async Task WriteAsync(TextWriter output, RegistryServer server, RegistryConfiguration configuration)
    {
        await output.WriteLineAsync($"psregistry {server.Version} listens on {Addresses(server, configuration)}");
        await output.WriteLineAsync($"data folder: {server.DataFolder ?? "in memory, gone when the program stops"}");
        if (configuration.Storage.ReadOnly)
            await output.WriteLineAsync("read-only: pushes and deletions are refused");
        if (server.NewUser is { } user)
            await output.WriteLineAsync($"new user:    {user.Name}, password {user.Password} (shown this once; its hash is in {configuration.Auth.Htpasswd?.Path})");
        await output.WriteLineAsync($"try:         {Try(server, configuration)}");
        await output.FlushAsync();
    }

    /// <summary>Where it listens, for people.</summary>
    public static string Addresses(RegistryServer server, RegistryConfiguration configuration) =>
        configuration.Http.SocketPath is { } socket ? $"unix:{socket}" : string.Join(", ", server.Addresses);

    private static string Try(RegistryServer server, RegistryConfiguration configuration)
    {
        var login = configuration.Auth switch
        {
            { Htpasswd: not null } => $"-u {server.NewUser?.Name ?? "USER"} ",
            { Token: not null } => "-H 'Authorization: Bearer TOKEN' ",
            _ => "",
        };
        var socket = configuration.Http.SocketPath is { } path ? $"--unix-socket {path} " : "";
        return $"curl {login}{socket}{server.Uri}v2/_catalog";
    }
}
