using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>
/// Where a manifest that is pushed shall go: a tag, or a digest and the tags of <c>?tag=</c>
/// (OCI distribution spec, "Pushing manifests").
/// </summary>
/// <param name="Digest">The digest it must have; null when it is pushed by tag.</param>
/// <param name="Tags">The tags to point at it.</param>
internal readonly record struct ManifestTarget(Digest? Digest, IReadOnlyList<Tag> Tags)
{
    private const int MaxTags = 100;

    /// <summary>Whether the tags came as <c>?tag=</c>, and are to be confirmed.</summary>
    public bool TagsFromQuery => Digest is not null && Tags.Count > 0;

    /// <summary>Reads the target; returns what is wrong with it, or null.</summary>
    public static RegistryError? TryRead(IQueryCollection query, string reference, out ManifestTarget target)
    {
        target = default;
        if (!reference.Contains(':', StringComparison.Ordinal))
        {
            if (!Tag.TryParse(reference, out var single))
                return InvalidTag(reference);
            target = new ManifestTarget(null, [single]);
            return null;
        }
        if (!Digest.TryParse(reference, out var digest))
            return ErrorCode.DigestInvalid.With($"'{reference}' is no digest: expected sha256:, sha384: or sha512: and lower-case hex digits.", ("digest", reference));
        var texts = query["tag"];
        if (texts.Count > MaxTags)
            return ErrorCode.TagInvalid.With($"{texts.Count} tags in one request; at most {MaxTags} are taken.");
        var tags = new List<Tag>(texts.Count);
        foreach (var text in texts)
        {
            if (!Tag.TryParse(text, out var tag))
                return InvalidTag(text ?? "");
            tags.Add(tag);
        }
        target = new ManifestTarget(digest, tags);
        return null;
    }

    private static RegistryError InvalidTag(string text) => ErrorCode.TagInvalid.With($"'{text}' is no tag: {Tag.Rule}", ("tag", text));
}
