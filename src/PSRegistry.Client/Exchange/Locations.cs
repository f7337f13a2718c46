namespace PSRegistry.Client;

/// <summary>Resolves the URLs that a registry names for what comes next: pages and uploads. They stay with the registry.</summary>
internal sealed class Locations(Faults faults)
{
    private RegistryAddress Registry => faults.Registry;

    /// <summary>The URL that <paramref name="text"/>, found in the answer from <paramref name="current"/>, means.</summary>
    /// <param name="current">What was asked.</param>
    /// <param name="text">The URL, absolute or relative.</param>
    /// <param name="what">What is there, for a sentence: "links to a next page", "names a place for the upload".</param>
    public Uri Resolve(Uri current, string text, string what)
    {
        // A proxy that serves the registry under a path knows nothing of the links inside the answers.
        if (text.StartsWith("/v2/", StringComparison.Ordinal))
            text = Registry.BaseUri.AbsolutePath + text[1..];
        if (!Uri.TryCreate(current, text, out var next) || next.UserInfo.Length > 0 || !Faults.IsHttp(next))
            throw Fault(current, $"{what} that is no URL");
        // Nor does one that ends TLS: the registry behind it believes to be spoken to plainly.
        if (next.Scheme == Uri.UriSchemeHttp && !Registry.IsPlainHttp && IsSameHost(next))
            next = new UriBuilder(next) { Scheme = Registry.BaseUri.Scheme, Port = Registry.BaseUri.Port }.Uri;
        if (Faults.SameOrigin(next, Registry.BaseUri))
            return next;
        var elsewhere = ServerText.Clean(next.GetLeftPart(UriPartial.Authority), 100);
        throw Fault(current, $"{what} elsewhere ({elsewhere}), which is not followed");
    }

    private bool IsSameHost(Uri uri) => uri.IdnHost.Equals(Registry.BaseUri.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (uri.IsDefaultPort || uri.Port == Registry.BaseUri.Port);

    private RegistryRequestException Fault(Uri uri, string what) => faults.New(RegistryFailure.ProtocolFault, uri, $"{Registry} {what}.");
}
