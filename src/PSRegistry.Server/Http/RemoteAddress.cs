using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Http;

/// <summary>Where a request came from, as logs write it.</summary>
internal static class RemoteAddress
{
    /// <summary><c>address:port</c>; empty on a Unix socket.</summary>
    public static string Of(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? string.Create(CultureInfo.InvariantCulture, $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}:{context.Connection.RemotePort}")
        : "";
}
