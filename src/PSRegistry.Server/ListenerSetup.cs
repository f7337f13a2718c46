using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Tls;
using PSRegistry.Server.Transport;

namespace PSRegistry.Server;

/// <summary>Sets up the listener for what registries do: bodies of any size, at any speed, in both directions.</summary>
internal static class ListenerSetup
{
    /// <summary>Room for a repository name and an upload's state, which carries the name again.</summary>
    private const int RequestLineBytes = 32 * 1024;

    /// <summary>What may be on its way to us in one HTTP/2 stream: with the default of 96 KiB a far client's push crawls.</summary>
    private const int StreamWindow = 2 << 20;

    private const int ConnectionWindow = 8 << 20;

    /// <exception cref="RegistryStartException">The host has no address, or the socket is in use.</exception>
    public static void Configure(KestrelServerOptions kestrel, HttpConfiguration http, LiveTls? tls)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = null;
        limits.MaxRequestLineSize = RequestLineBytes;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.Http2.InitialStreamWindowSize = StreamWindow;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindow;

        void Speak(ListenOptions listen)
        {
            listen.Protocols = tls is null || http.Http2Disabled ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (tls is not null)
                listen.UseHttps(tls.Callback);
            else if (http.H2cEnabled && !http.Http2Disabled)
                PriorKnowledge.Use(kestrel, listen);
            if (tls is null)
                TransportSetup.SendFiles(listen);
        }

        if (http.SocketPath is { } path)
            kestrel.ListenUnixSocket(UnixSocket.Claim(path), Speak);
        else
            Listen(kestrel, http.Addr, "http.addr", Speak);
    }

    /// <summary>Listens on an address of the configuration.</summary>
    /// <exception cref="RegistryStartException">The host has no address.</exception>
    public static void Listen(KestrelServerOptions kestrel, ListenAddress address, string keyPath, Action<ListenOptions> speak)
    {
        if (address.Host.Length == 0)
            kestrel.ListenAnyIP(address.Port, speak);
        else
            kestrel.Listen(Resolve(address.Host, keyPath), address.Port, speak);
    }

    private static IPAddress Resolve(string host, string keyPath)
    {
        if (IPAddress.TryParse(host, out var address))
            return address;
        if (host == "localhost")
            return IPAddress.Loopback;
        try
        {
            return Dns.GetHostAddresses(host)[0];
        }
        catch (Exception fault) when (fault is System.Net.Sockets.SocketException or IndexOutOfRangeException)
        {
            throw new RegistryStartException(StartFailure.Address, $"{keyPath}: the host '{host}' has no address on this machine; use an IP address or leave the host out for all.", fault);
        }
    }
}
