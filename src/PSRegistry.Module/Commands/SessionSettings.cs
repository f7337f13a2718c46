using System.Management.Automation;
using PSRegistry.Hosting;

namespace PSRegistry.Commands;

/// <summary>What a session says of a server before any parameter: its variables, and the folder that its user stands in.</summary>
internal static class SessionSettings
{
    public static ServerSettings Of(SessionState session, string? configPath) => new()
    {
        ConfigurationPath = configPath is null ? null : session.Path.GetUnresolvedProviderPathFromPSPath(configPath),
        WorkingDirectory = session.Path.CurrentFileSystemLocation.ProviderPath,
        Environment = ServerSettings.ProcessEnvironment,
    };
}
