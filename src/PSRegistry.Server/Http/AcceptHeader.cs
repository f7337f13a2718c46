using Microsoft.Extensions.Primitives;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>Which types of manifest a client says it understands.</summary>
internal static class AcceptHeader
{
    /// <summary>Whether the client knows images of a type but no lists of any: a client older than multi-platform images.</summary>
    public static bool WantsImageOnly(StringValues accept, string imageType)
    {
        var namesImage = false;
        foreach (var line in accept)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var type = line.AsSpan(range);
                if (type.IndexOf(';') is var semicolon and >= 0)
                    type = type[..semicolon];
                type = type.Trim();
                if (type is MediaTypes.DockerManifestList or MediaTypes.OciIndex || type.EndsWith("*", StringComparison.Ordinal))
                    return false;
                namesImage |= type.SequenceEqual(imageType);
            }
        }
        return namesImage;
    }
}
