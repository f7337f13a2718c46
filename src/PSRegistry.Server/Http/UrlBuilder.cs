using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Http;

/// <summary>
/// The URLs of answers: relative, which is right behind every proxy and with every client since docker 1.8, unless the
/// operator asked for absolute ones by <c>http.host</c> or <c>http.relativeurls: false</c>.
/// </summary>
internal sealed class UrlBuilder(HttpConfiguration http)
{
    private readonly bool _absolute = http.RelativeUrls is { } relative ? !relative : http.Host is not null;

    public string Manifest(HttpRequest request, RepositoryName name, Digest digest) => $"{Base(request)}/v2/{name}/manifests/{digest}";

    public string Blob(HttpRequest request, RepositoryName name, Digest digest) => $"{Base(request)}/v2/{name}/blobs/{digest}";

    /// <summary>Always with a query, because some clients append <c>&amp;digest=</c> blindly.</summary>
    public string Upload(HttpRequest request, RepositoryName name, UploadId id, string state) =>
        $"{Base(request)}/v2/{name}/blobs/uploads/{id}?_state={Uri.EscapeDataString(state)}";

    /// <summary>What comes before <c>/v2/</c> for somebody who did not send the request: always absolute.</summary>
    public string ForOthers(HttpRequest request)
    {
        var prefix = request.PathBase.ToUriComponent();
        return http.Host is { } host
            ? host.GetLeftPart(UriPartial.Path).TrimEnd('/') + prefix
            : PublicOrigin.Of(request) + prefix;
    }

    /// <summary>What comes before <c>/v2/</c>.</summary>
    private string Base(HttpRequest request) => _absolute ? ForOthers(request) : request.PathBase.ToUriComponent();
}
