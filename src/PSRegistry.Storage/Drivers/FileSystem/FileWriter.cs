using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Storage.Drivers;

/// <summary>Appends to a file, gathering the pieces of a sequence into one system call so that nothing is copied together first.</summary>
internal sealed class FileWriter(SafeFileHandle handle, long length, string path) : IStorageWriter
{
    /// <summary>Below this a write to the page cache is quicker than handing it to another thread.</summary>
    private const int WriteInPlace = 64 * 1024;

    /// <summary>
    /// After so much the disk is told to begin, so that little is left for the flush at the end: without it the disk idles while
    /// 256 MiB come in, and the client then waits for all of them.
    /// </summary>
    private const int BeginAfter = 8 * 1024 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private long _begun = length;

    public long Length { get; private set; } = length;

    public async ValueTask AppendAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken = default)
    {
        try
        {
            if (bytes.Length <= WriteInPlace)
            {
                WriteEach(bytes);
            }
            else
            {
                _pieces.Clear();
                foreach (var piece in bytes)
                    _pieces.Add(piece);
                await RandomAccess.WriteAsync(handle, _pieces, Length, cancellationToken);
                Length += bytes.Length;
            }
            if (Length - _begun >= BeginAfter && LinuxCalls.AreSupported)
            {
                LinuxCalls.BeginToWrite(handle, _begun, Length - _begun);
                _begun = Length;
            }
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
            throw FileSystemFaults.ToStorageException(path, fault);
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        FileSystemFaults.Translate(path, () => RandomAccess.FlushToDisk(handle));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private void WriteEach(ReadOnlySequence<byte> bytes)
    {
        foreach (var piece in bytes)
        {
            RandomAccess.Write(handle, piece.Span, Length);
            Length += piece.Length;
        }
    }
}
