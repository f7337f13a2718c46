using PSRegistry.Client;

namespace PSRegistry.Output;

/// <summary>How registries are written on objects.</summary>
internal static class ImageName
{
    /// <summary>The shortest text that leads to the same address again: docker's name for it, else its URL.</summary>
    public static string Shortest(this RegistryAddress address) =>
        RegistryAddress.TryParse(address.Authority, out var again, out _) && again.BaseUri == address.BaseUri ? address.Authority : address.BaseUri.AbsoluteUri;

    /// <summary>The part of an address that docker's names begin with.</summary>
    public static string Authority(string registry) => RegistryAddress.TryParse(registry, out var address, out _) ? address.Authority : registry;
}
