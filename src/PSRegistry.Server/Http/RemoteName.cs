using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Http;

/// <summary>Who asks, for the log.</summary>
internal static class RemoteName
{
    /// <summary><c>10.1.2.3:4567</c>; without the port where a proxy told none; empty at a Unix socket.</summary>
    public static string Of(ConnectionInfo connection)
    {
        if (connection.RemoteIpAddress is not { } address)
            return "";
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return connection.RemotePort == 0 ? plain.ToString() : string.Create(CultureInfo.InvariantCulture, $"{new IPEndPoint(plain, connection.RemotePort)}");
    }
}
