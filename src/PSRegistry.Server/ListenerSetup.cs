using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server;

/// <summary>Sets up the listener for what registries do: bodies of any size, at any speed, in both directions.</summary>
internal static class ListenerSetup
{
    /// <summary>Room for a repository name and an upload's state, which carries the name again.</summary>
    private const int RequestLineBytes = 32 * 1024;

    /// <exception cref="RegistryStartException">The host has no address.</exception>
    public static void Configure(KestrelServerOptions kestrel, HttpConfiguration http)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = null;
        limits.MaxRequestLineSize = RequestLineBytes;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        foreach (var address in Resolve(http.Addr.Host))
            kestrel.Listen(address, http.Addr.Port, listen => listen.Protocols = HttpProtocols.Http1);
        if (http.Addr.Host.Length == 0)
            kestrel.ListenAnyIP(http.Addr.Port, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static IPAddress[] Resolve(string host)
    {
        if (host.Length == 0)
            return [];
        if (IPAddress.TryParse(host, out var address))
            return [address];
        if (host == "localhost")
            return [IPAddress.Loopback];
        try
        {
            return [Dns.GetHostAddresses(host)[0]];
        }
        catch (Exception fault) when (fault is System.Net.Sockets.SocketException or IndexOutOfRangeException)
        {
            throw new RegistryStartException(StartFailure.Address, $"http.addr: the host '{host}' has no address on this machine; use an IP address or leave the host out for all.", fault);
        }
    }
}
