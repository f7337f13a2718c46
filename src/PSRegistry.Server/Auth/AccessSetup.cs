using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Auth;

/// <summary>Opens the way to log in that a configuration names.</summary>
internal static class AccessSetup
{
    /// <summary>Reads its files once, so that what is wrong with them is told at the start; null when nobody logs in.</summary>
    /// <exception cref="RegistryStartException">The keys of tokens cannot be read.</exception>
    public static IAccess? Open(AuthConfiguration auth, ILogger log, AuthInstruments? instruments = null) => auth switch
    {
        { OneUser: { } user } => new HtpasswdAccess("Registry", user, log, instruments),
        { Htpasswd: { } htpasswd } => HtpasswdAccess.Open(htpasswd, log, instruments),
        { Token: { } token } => new TokenAccess(token, log, TimeProvider.System, instruments),
        { Silly: { } silly } => new SillyAccess(silly),
        _ => null,
    };
}
