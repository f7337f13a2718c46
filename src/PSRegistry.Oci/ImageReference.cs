using System.Diagnostics.CodeAnalysis;

namespace PSRegistry.Oci;

/// <summary>
/// What docker takes as the name of an image: <c>[registry/]repository[:tag][@digest]</c>. The first part is a registry when
/// it holds a dot or a colon, or is <c>localhost</c>.
/// </summary>
public sealed record ImageReference
{
    private ImageReference(string? registry, RepositoryName repository, Tag? tag, Digest? digest)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host or <c>host:port</c>; null when none was written.</summary>
    public string? Registry { get; }

    /// <summary>The repository.</summary>
    public RepositoryName Repository { get; }

    /// <summary>The tag; null when none was written.</summary>
    public Tag? Tag { get; }

    /// <summary>The digest; null when none was written.</summary>
    public Digest? Digest { get; }

    /// <summary>Parses an image reference.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        var rest = text.AsSpan();
        Digest? digest = null;
        if (rest.IndexOf('@') is var at and >= 0)
        {
            if (!Digest.TryParse(rest[(at + 1)..], out digest))
                return false;
            rest = rest[..at];
        }
        string? registry = null;
        if (rest.IndexOf('/') is var slash and > 0 && IsRegistry(rest[..slash]))
        {
            if (!IsHost(rest[..slash]))
                return false;
            registry = rest[..slash].ToString();
            rest = rest[(slash + 1)..];
        }
        Tag? tag = null;
        if (rest.LastIndexOf(':') is var colon and >= 0)
        {
            if (!Tag.TryParse(rest[(colon + 1)..], out tag))
                return false;
            rest = rest[..colon];
        }
        if (!RepositoryName.TryParse(rest, out var repository))
            return false;
        reference = new ImageReference(registry, repository, tag, digest);
        return true;
    }

    /// <summary>Parses an image reference.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static ImageReference Parse(string text) => TryParse(text, out var reference)
        ? reference
        : throw new FormatException($"'{text}' is not an image: expected [registry/]repository[:tag|@digest].");

    /// <summary>The reference as it was written.</summary>
    public override string ToString() =>
        (Registry is null ? "" : Registry + "/") + Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    private static bool IsRegistry(ReadOnlySpan<char> first) => first.ContainsAny('.', ':') || first is "localhost";

    private static bool IsHost(ReadOnlySpan<char> authority)
    {
        var host = authority;
        if (authority.LastIndexOf(':') is var colon and >= 0 && !authority.EndsWith("]"))
        {
            if (!ushort.TryParse(authority[(colon + 1)..], System.Globalization.NumberStyles.None, null, out var port) || port == 0)
                return false;
            host = authority[..colon];
        }
        // An IPv6 address without brackets cannot be told from one with a port.
        return Uri.CheckHostName(host.ToString()) != UriHostNameType.Unknown && (host.StartsWith("[") || !host.Contains(':'));
    }
}
