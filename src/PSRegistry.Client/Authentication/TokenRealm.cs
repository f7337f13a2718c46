using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PSRegistry.Client;

/// <summary>
/// Which token services a registry may send us to. Whoever runs a registry chooses the URL, so it must not reach what only this machine
/// can reach, nor make a login travel unprotected.
/// </summary>
internal sealed class TokenRealm(RegistryClientOptions options, Login login, Faults faults)
{
    private readonly ConcurrentDictionary<Uri, bool> _checked = new();

    private RegistryAddress Registry => faults.Registry;

    /// <summary>The realm of a challenge as a URL to ask.</summary>
    /// <exception cref="RegistryRequestException">It is not one that a login, or even an anonymous request, may go to.</exception>
    public async ValueTask<Uri> CheckAsync(string? text, CancellationToken cancellationToken)
    {
        var shown = ServerText.Clean(text ?? "", 128);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var realm) || !Faults.IsHttp(realm) || realm.UserInfo.Length > 0)
            throw Refuse(Registry.BaseUri, $"{Registry} names '{shown}' as its token service, which is no http(s) URL.");
        if (_checked.ContainsKey(realm))
            return realm;
        if (realm.Scheme == Uri.UriSchemeHttp && !MayBePlain(realm))
            throw Refuse(realm, $"{Registry} names the token service {shown}, which is plain http: no login is sent there. It must be https.");
        if (await IsPrivateOfPublicAsync(realm, cancellationToken))
        {
            throw Refuse(
                realm,
                    $"{Registry} is public, but names the token service {shown}, which is on this machine or a private network: nothing is sent there.");
        }
        _checked.TryAdd(realm, true);
        return realm;
    }

    private bool MayBePlain(Uri realm) => RegistryAddress.IsThisMachine(realm) || (Registry.IsPlainHttp && !login.IsKnown);

    private RegistryRequestException Refuse(Uri realm, string message) => faults.New(RegistryFailure.ProtocolFault, realm, message);

    private async ValueTask<bool> IsPrivateOfPublicAsync(Uri realm, CancellationToken cancellationToken)
    {
        if (Registry.IsLoopback || realm.IdnHost == Registry.BaseUri.IdnHost)
            return false;
        // A realm whose name only a proxy can resolve is not an address of this machine's network.
        if (!(await ResolveAsync(realm, cancellationToken)).Any(address => !IsPublic(address)))
            return false;
        // A registry whose name only a proxy can resolve counts as public.
        var registry = await ResolveAsync(Registry.BaseUri, cancellationToken);
        return registry.Length == 0 || registry.Any(IsPublic);
    }

    private async ValueTask<IPAddress[]> ResolveAsync(Uri uri, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(uri.IdnHost, out var address))
            return [address];
        try
        {
            return await options.Surroundings.Resolve(uri.IdnHost, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    /// <summary>Whether an address belongs to the public internet (IANA special-purpose registries, RFC 6890).</summary>
    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !(IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any)
                || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast);
        }
        var bytes = address.GetAddressBytes();
        return (bytes[0], bytes[1]) is not ((0 or 10 or 127, _) or (100, >= 64 and <= 127) or (169, 254)
            or (172, >= 16 and <= 31) or (192, 168) or (198, 18 or 19) or ( >= 224, _));
    }
}
