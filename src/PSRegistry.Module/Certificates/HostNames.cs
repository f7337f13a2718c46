using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace PSRegistry.Certificates;

/// <summary>The names and addresses that a certificate is for. Clients read these and no common name.</summary>
/// <param name="Dns">Host names, a wildcard in front at most.</param>
/// <param name="Addresses">IP addresses.</param>
internal sealed partial record HostNames(IReadOnlyList<string> Dns, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>What every machine calls itself.</summary>
    private static readonly HostNames ThisMachine = new(["localhost"], [IPAddress.Loopback, IPAddress.IPv6Loopback]);

    /// <summary>All of them, as text.</summary>
    public IReadOnlyList<string> All => [.. Dns, .. Addresses.Select(address => address.ToString())];

    /// <summary>Sorts texts into names and addresses.</summary>
    /// <param name="texts">Names or addresses.</param>
    /// <param name="wrong">The first text that is neither; null when there is none.</param>
    public static HostNames Of(IEnumerable<string> texts, out string? wrong)
    {
        var dns = new List<string>();
        var addresses = new List<IPAddress>();
        wrong = null;
        foreach (var text in texts)
        {
            if (IPAddress.TryParse(text, out var address))
                addresses.Add(address);
            else if (text.Length <= 253 && Form().IsMatch(text))
                dns.Add(text.ToLowerInvariant());
            else
                wrong ??= text;
        }
        return new HostNames([.. dns.Distinct()], [.. addresses.Distinct()]);
    }

    /// <summary>These, and those by which the machine itself is reached.</summary>
    public HostNames AndThisMachine() => new([.. Dns.Union(ThisMachine.Dns)], [.. Addresses.Union(ThisMachine.Addresses)]);

    /// <summary>The extension that clients look at.</summary>
    public X509Extension ToExtension()
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in Dns)
            names.AddDnsName(name);
        foreach (var address in Addresses)
            names.AddIpAddress(address);
        return names.Build();
    }

    [GeneratedRegex(@"^(\*\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\z")]
    private static partial Regex Form();
}
