using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>Finds the place of the issuer's keys: where <c>auth.htpasswd.issuer.keys</c> says, else beside the data, else in memory.</summary>
internal static partial class IssuerKeySetup
{
    /// <exception cref="RegistryStartException">The keys that are there cannot be read, or none can be kept where they should be.</exception>
    public static IssuerKeys Open(RegistryConfiguration configuration, IssuerConfiguration issuer, ILogger log)
    {
        var folder = issuer.Keys is { } named
            ? Path.GetFullPath(named)
            : configuration.Storage.Driver == StorageDriverKind.FileSystem ? Path.GetFullPath(Path.Combine(configuration.Storage.RootDirectory, "psregistry", "token-keys")) : null;
        try
        {
            return new IssuerKeys(new IssuerKeyFolder(folder), issuer, log, TimeProvider.System);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!configuration.Storage.ReadOnly || issuer.Keys is not null)
            {
                throw new RegistryStartException(
                    StartFailure.Setting,
                    $"auth.htpasswd.issuer: the keys of tokens in '{folder}' cannot be kept: {fault.Message.TrimEnd('.')}. Give the registry's user the right to it, or name another folder in auth.htpasswd.issuer.keys.", fault);
            }
            Log.NotKept(log, folder!, fault.Message);
            return new IssuerKeys(new IssuerKeyFolder(null), issuer, log, TimeProvider.System);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 52, Level = LogLevel.Warning, Message = "the keys of tokens cannot be kept in {Folder} ({Reason}): everybody logs in again after a restart; name another folder in auth.htpasswd.issuer.keys")]
        public static partial void NotKept(ILogger log, string folder, string reason);
    }
}
