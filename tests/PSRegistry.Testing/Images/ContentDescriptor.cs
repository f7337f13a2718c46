using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>What a manifest says of a blob or of another manifest.</summary>
/// <param name="MediaType">Its type.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record ContentDescriptor(string MediaType, string Digest, long Size)
{
    /// <summary>The 64 digits alone: the file name in a layout.</summary>
    public string Hex => Digest["sha256:".Length..];

    /// <summary>The sha256 digest of <paramref name="content"/>.</summary>
    public static string DigestOf(ReadOnlySpan<byte> content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>The sha256 digest of the file at <paramref name="path"/>.</summary>
    public static string DigestOfFile(string path)
    {
        using var file = File.OpenRead(path);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(file))}";
    }

    /// <summary>The descriptor of <paramref name="content"/>.</summary>
    public static ContentDescriptor Of(string mediaType, ReadOnlySpan<byte> content) => new(mediaType, DigestOf(content), content.Length);

    /// <summary>As it stands in a manifest; further properties are added by the caller.</summary>
    public JsonObject ToJson() => new() { ["mediaType"] = MediaType, ["digest"] = Digest, ["size"] = Size };
}
