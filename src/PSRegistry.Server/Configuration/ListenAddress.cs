using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PSRegistry.Server.Configuration;

/// <summary>An address to listen on, written <c>host:port</c>, <c>:port</c> or <c>[v6]:port</c>.</summary>
/// <param name="Host">A name or an IP address without brackets; empty means every interface.</param>
/// <param name="Port">The TCP port; 0 takes any free one.</param>
public sealed record ListenAddress(string Host, int Port)
{
    /// <summary>Reads an address as Go's <c>net.Listen</c> takes it, with a number as port.</summary>
    /// <param name="text">The written form.</param>
    /// <param name="address">The address, when the text is one.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > ushort.MaxValue)
            return false;

        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
            if (Uri.CheckHostName(host) != UriHostNameType.IPv6) return false;
        }
        else if (host.Length > 0 && !IsNameOrIPv4(host))
        {
            return false;
        }

        address = new ListenAddress(host, port);
        return true;
    }

    private static bool IsNameOrIPv4(string host) => IPAddress.TryParse(host, out var address)
        ? address.AddressFamily == AddressFamily.InterNetwork
        : Uri.CheckHostName(host) == UriHostNameType.Dns;

    /// <summary>The written form, which <see cref="TryParse"/> reads back.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
