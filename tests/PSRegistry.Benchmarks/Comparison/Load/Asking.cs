using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Load;

/// <summary>Single requests that are not measured. It trusts every certificate.</summary>
internal static class Asking
{
#pragma warning disable CA5359, CA5399 // Servers that this program has started, on this machine, with a certificate made for it.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
    {
        DefaultRequestHeaders = { { "Accept", $"{ImageMediaTypes.OciManifest}, */*" } },
    };
#pragma warning restore CA5359, CA5399

    /// <summary>The bytes of an answer that must be 200.</summary>
    public static Task<byte[]> GetAsync(Uri url, CancellationToken cancellationToken) => Client.GetByteArrayAsync(url, cancellationToken);

    /// <summary>Asks twice, as a server may remember what is asked for again: what is measured is not the first time.</summary>
    public static async Task WarmUpAsync(Uri url, CancellationToken cancellationToken)
    {
        await GetAsync(url, cancellationToken);
        await GetAsync(url, cancellationToken);
    }
}
