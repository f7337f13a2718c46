using System.Security.Cryptography;

namespace PSRegistry.Oci;

/// <summary>A hash function that content may be addressed by (OCI image spec, descriptor, "Registered Algorithms").</summary>
public sealed class DigestAlgorithm
{
    private readonly HashAlgorithmName _hash;
    private readonly Func<ReadOnlyMemory<byte>, byte[]> _hashData;

    private DigestAlgorithm(string name, int hexLength, HashAlgorithmName hash, Func<ReadOnlyMemory<byte>, byte[]> hashData)
    {
        Name = name;
        HexLength = hexLength;
        _hash = hash;
        _hashData = hashData;
    }

    /// <summary>SHA-256, what every client uses unless told otherwise.</summary>
    public static DigestAlgorithm Sha256 { get; } = new("sha256", 64, HashAlgorithmName.SHA256, bytes => SHA256.HashData(bytes.Span));

    /// <summary>SHA-384.</summary>
    public static DigestAlgorithm Sha384 { get; } = new("sha384", 96, HashAlgorithmName.SHA384, bytes => SHA384.HashData(bytes.Span));

    /// <summary>SHA-512.</summary>
    public static DigestAlgorithm Sha512 { get; } = new("sha512", 128, HashAlgorithmName.SHA512, bytes => SHA512.HashData(bytes.Span));

    /// <summary>Every algorithm this registry can verify and store.</summary>
    public static IReadOnlyList<DigestAlgorithm> All { get; } = [Sha256, Sha384, Sha512];

    /// <summary>The name in front of the colon, for instance <c>sha256</c>.</summary>
    public string Name { get; }

    /// <summary>How many lower-case hexadecimal digits follow the colon.</summary>
    public int HexLength { get; }

    /// <summary>The algorithm of that name, or null when it is not one of <see cref="All"/>.</summary>
    public static DigestAlgorithm? Find(ReadOnlySpan<char> name) => name switch
    {
        "sha256" => Sha256,
        "sha384" => Sha384,
        "sha512" => Sha512,
        _ => null,
    };

    /// <summary>A running hash; its result becomes a digest with <see cref="Finish"/>.</summary>
    public IncrementalHash CreateHash() => IncrementalHash.CreateHash(_hash);

    /// <summary>The digest of everything appended to <paramref name="hash"/> so far; the hash can go on afterwards.</summary>
    public Digest Finish(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        Span<byte> bytes = stackalloc byte[64];
        var length = hash.GetCurrentHash(bytes);
        return Digest.FromHash(this, bytes[..length]);
    }

    /// <summary>The digest of <paramref name="content"/>.</summary>
    public Digest Compute(ReadOnlyMemory<byte> content) => Digest.FromHash(this, _hashData(content));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
