using Microsoft.Extensions.Primitives;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>The entity tag of content is its digest: it changes when the content does, and only then.</summary>
internal static class EntityTag
{
    public static string Of(Digest digest) => $"\"{digest}\"";

    /// <summary>Whether an If-None-Match header names the digest: quoted as it should be, or bare as some clients send it.</summary>
    public static bool IsNamed(StringValues header, Digest digest)
    {
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var tag = line.AsSpan(range).Trim();
                if (tag.StartsWith("W/", StringComparison.Ordinal))
                    tag = tag[2..];
                if (tag is "*" || tag.Trim('"').SequenceEqual(digest.ToString()))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Whether a Range header counts: without If-Range, or with one that names the content as it is now.</summary>
    public static bool AllowsRange(StringValues ifRange, Digest digest) =>
        StringValues.IsNullOrEmpty(ifRange) || ifRange.ToString().AsSpan().Trim().Trim('"').SequenceEqual(digest.ToString());
}
