using System.Net;

namespace PSRegistry.Server.Configuration;

/// <summary>Who is believed when it tells for whom it asks. Key <c>http.trustedproxies</c>.</summary>
/// <param name="Networks">Addresses and ranges of addresses.</param>
/// <param name="Socket">Whether whoever connects to the Unix socket is. The word <c>unix</c> in the list.</param>
public sealed record TrustedProxies(IReadOnlyList<IPNetwork> Networks, bool Socket)
{
    /// <summary>Whether this is one of them.</summary>
    /// <param name="address">The address; null for whoever is connected to a Unix socket.</param>
    public bool Include(IPAddress? address)
    {
        if (address is null)
            return Socket;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in Networks)
        {
            if (network.Contains(plain))
                return true;
        }
        return false;
    }

    /// <summary><c>10.0.0.0/8, unix</c></summary>
    public override string ToString() => string.Join(", ", Networks.Select(network => network.ToString()).Concat(Socket ? ["unix"] : []));
}
