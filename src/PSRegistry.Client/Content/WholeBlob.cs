using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Reads a blob that is small by its nature into memory.</summary>
internal static class WholeBlob
{
    /// <summary>The bytes; null when there are more than <paramref name="limit"/>.</summary>
    public static async ValueTask<byte[]?> ReadAsync(IBlob blob, int limit, CancellationToken cancellationToken)
    {
        if (blob.Size > limit)
            return null;
        var content = new byte[blob.Size];
        var length = 0;
        while (await blob.ReadAsync(length, content.AsMemory(length), cancellationToken) is var read and > 0)
            length += read;
        return length == content.Length ? content : content[..length];
    }
}
