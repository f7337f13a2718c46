using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary><c>/v2/&lt;name&gt;/referrers/&lt;digest&gt;</c> (OCI distribution spec, "Listing referrers"): always a list, never a 404.</summary>
internal sealed class ReferrersEndpoint(RegistryContext registry)
{
    /// <summary>A page is an index, and clients read no index above the size of a manifest.</summary>
    private const int PageBytes = Manifest.MaxSize - 256 * 1024;

    private const int PageEntries = 1000;

    public async ValueTask<Refusal> GetAsync(HttpContext context, RepositoryName name, string item)
    {
        if (!Digest.TryParse(item, out var subject))
            return ErrorCode.DigestInvalid.With($"'{item}' is no digest: expected sha256:, sha384: or sha512: and lower-case hex digits.", ("digest", item));
        var query = context.Request.Query;
        var artifactType = query["artifactType"].ToString();
        var last = query["last"].ToString();

        var page = new System.Buffers.ArrayBufferWriter<byte>(1024);
        string? behind = null;
        using (var json = new Utf8JsonWriter(page, JsonText.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion"u8, 2);
            json.WriteString("mediaType"u8, MediaTypes.OciIndex);
            json.WriteStartArray("manifests"u8);
            var entries = 0;
            await foreach (var referrer in registry.Registry.GetRepository(name).ListReferrersAsync(subject, context.RequestAborted))
            {
                var digest = referrer.Digest.ToString();
                if (string.CompareOrdinal(digest, last) <= 0 || (artifactType.Length > 0 && referrer.ArtifactType != artifactType))
                    continue;
                if (entries == PageEntries || json.BytesCommitted + json.BytesPending > PageBytes)
                {
                    context.Response.Headers.Link = LinkBehind(context.Request, behind!, artifactType);
                    break;
                }
                DescriptorJson.Write(json, referrer);
                behind = digest;
                entries++;
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (artifactType.Length > 0)
            context.Response.Headers[HeaderName.OciFiltersApplied] = "artifactType";
        await JsonText.AnswerAsync(context, MediaTypes.OciIndex, page.WrittenMemory);
        return Refusal.None;
    }

    private static string LinkBehind(HttpRequest request, string last, string artifactType)
    {
        var filter = artifactType.Length == 0 ? "" : $"artifactType={Uri.EscapeDataString(artifactType)}&";
        return $"<{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}?{filter}last={Uri.EscapeDataString(last)}>; rel=\"next\"";
    }
}
