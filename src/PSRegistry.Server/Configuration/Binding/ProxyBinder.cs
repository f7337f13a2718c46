using System.Net;
using System.Net.Sockets;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>http.trustedproxies</c>, a key of ours.</summary>
internal static class ProxyBinder
{
    private const string Key = "http.trustedproxies";

    /// <summary>Null where the key is not written; an empty list trusts nobody.</summary>
    public static TrustedProxies? Bind(ValueReader values)
    {
        if (values.Node(Key) is not SequenceNode) return null;
        var networks = new List<IPNetwork>();
        var socket = false;
        foreach (var item in values.Items(Key).OfType<ScalarNode>())
        {
            if (item.Text == "unix")
                socket = true;
            else if (TryParse(item.Text, out var network))
                networks.Add(network);
            else
                values.Faults.Error(Key, item.Origin, $"\"{item.Text}\" is no IP address and no range of them", "Write addresses such as 10.1.2.3 and fd00::1, ranges such as 10.1.0.0/16, or unix for a Unix socket");
        }
        return new TrustedProxies(networks, socket);
    }

    private static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network)) return true;
        if (!IPAddress.TryParse(text, out var address)) return false;
        network = new IPNetwork(address, address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }
}
