using System.Buffers;

namespace PSRegistry.Storage.Drivers;

/// <summary>A file being appended to; what was appended stays when it is closed.</summary>
public interface IStorageWriter : IAsyncDisposable
{
    /// <summary>Bytes in the file so far.</summary>
    long Length { get; }

    /// <summary>
    /// Appends bytes. The call may return before they are written, so that the caller can hash them meanwhile; the memory
    /// must stay as it is until the returned task has ended.
    /// </summary>
    ValueTask AppendAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken = default);

    /// <summary>What was appended survives a power cut when this returns.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);
}
