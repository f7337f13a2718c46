namespace PSRegistry.Oci;

/// <summary>An open blob. What is open stays readable, whatever is deleted meanwhile.</summary>
public interface IBlob : IAsyncDisposable
{
    /// <summary>Its length in bytes.</summary>
    long Size { get; }

    /// <summary>Reads from <paramref name="offset"/> as much as there is, up to the buffer's length; 0 at the end.</summary>
    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);
}
