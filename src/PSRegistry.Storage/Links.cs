using System.Text;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>Link files: the text of a digest, without a line end, because the original cannot read one.</summary>
internal static class Links
{
    /// <summary>Room for the longest digest and for what a crash may leave.</summary>
    private const int MaxLength = 1024;

    /// <summary>What the link names; null when there is none, or when a crash left it empty or cut.</summary>
    public static async ValueTask<Digest?> ReadAsync(IStorageDriver driver, string path, CancellationToken cancellationToken)
    {
        var content = await driver.ReadAsync(path, MaxLength, cancellationToken);
        return content is null ? null : Parse(content);
    }

    public static ValueTask WriteAsync(IStorageDriver driver, string path, Digest target, CancellationToken cancellationToken) =>
        driver.WriteAsync(path, Encoding.ASCII.GetBytes(target.ToString()), cancellationToken);

    /// <summary>The change that writes a link.</summary>
    public static StorageChange Write(string path, Digest target) => StorageChange.Write(path, Encoding.ASCII.GetBytes(target.ToString()));

    /// <summary>Whether a link of that length can name something: a look at a folder tells, without opening a file for each tag.</summary>
    public static bool IsWhole(long length) => DigestAlgorithm.All.Any(algorithm => length == algorithm.Name.Length + 1 + algorithm.HexLength);

    private static Digest? Parse(ReadOnlySpan<byte> content)
    {
        Span<char> text = stackalloc char[content.Length];
        return Encoding.ASCII.TryGetChars(content, text, out var length) && Digest.TryParse(text[..length], out var digest) ? digest : null;
    }
}
