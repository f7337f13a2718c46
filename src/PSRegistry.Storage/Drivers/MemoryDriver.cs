using System.Buffers;
using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Storage.Drivers;

/// <summary>A tree in memory, for tests and for registries that may forget. Files grow in pieces, so readers need no lock.</summary>
public sealed class MemoryDriver : IStorageDriver
{
    private readonly Lock _gate = new();
    private readonly Folder _root = new();

    /// <inheritdoc/>
    public string Name => "inmemory";

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellationToken = default)
    {
        if (Find(path) is not MemoryFile file)
            return default;
        var snapshot = file.Snapshot();
        return snapshot.Length <= maxLength
            ? ValueTask.FromResult<byte[]?>(snapshot.ToArray())
            : throw new StorageException(StorageFault.Damaged, $"'{path}' has {snapshot.Length} bytes, more than the {maxLength} that it may have.");
    }

    /// <inheritdoc/>
    public ValueTask<IBlob?> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IBlob?>(Find(path) is MemoryFile file ? new MemoryBlob(file.Snapshot()) : null);

    /// <inheritdoc/>
    public ValueTask<StorageEntry?> GetEntryAsync(string path, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<StorageEntry?>(Find(path) is { } node ? Entry(path[(path.LastIndexOf('/') + 1)..], node) : null);

    /// <inheritdoc/>
    public ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var file = new MemoryFile();
        file.Append(content.Span);
        lock (_gate)
            Put(path, file);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IStorageWriter> OpenWriterAsync(string path, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (FindLocked(path) is not MemoryFile file)
                Put(path, file = new MemoryFile());
            return ValueTask.FromResult<IStorageWriter>(new MemoryWriter(file));
        }
    }

    /// <inheritdoc/>
    public ValueTask MoveAsync(string source, string target, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (FindLocked(source) is not MemoryFile file)
                throw new StorageException(StorageFault.Failed, $"'{source}' cannot be moved: there is no such file.");
            Remove(source);
            Put(target, file);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, bool durable = true, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return ValueTask.FromResult(Remove(path));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StorageEntry> ListAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StorageEntry[] entries;
        lock (_gate)
            entries = FindLocked(path) is Folder folder ? [.. folder.Children.Select(child => Entry(child.Key, child.Value))] : [];
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
        await Task.CompletedTask;
    }

    private static StorageEntry Entry(string name, object node) => node is MemoryFile file
        ? new StorageEntry(name, false, file.Snapshot().Length, file.ModifiedAt)
        : new StorageEntry(name, true, 0, default);

    private object? Find(string path)
    {
        lock (_gate)
            return FindLocked(path);
    }

    private object? FindLocked(string path)
    {
        object? node = _root;
        foreach (var segment in Segments(path))
        {
            if (node is not Folder folder || !folder.Children.TryGetValue(segment, out node))
                return null;
        }
        return node;
    }

    private void Put(string path, MemoryFile file)
    {
        var segments = Segments(path);
        var folder = _root;
        foreach (var segment in segments.AsSpan(..^1))
        {
            if (!folder.Children.TryGetValue(segment, out var next))
                folder.Children.Add(segment, next = new Folder());
            folder = next as Folder ?? throw new StorageException(StorageFault.Failed, $"'{path}' cannot be written: '{segment}' is a file.");
        }
        if (folder.Children.TryGetValue(segments[^1], out var existing) && existing is Folder)
            throw new StorageException(StorageFault.Failed, $"'{path}' cannot be written: it is a folder.");
        folder.Children[segments[^1]] = file;
    }

    private bool Remove(string path)
    {
        var cut = path.LastIndexOf('/');
        return FindLocked(cut < 0 ? "" : path[..cut]) is Folder folder && folder.Children.Remove(path[(cut + 1)..]);
    }

    private static string[] Segments(string path)
    {
        if (path.Length == 0)
            return [];
        var segments = path.Split('/');
        return segments.Any(segment => segment is "" or "." or ".." || segment.Contains('\\'))
            ? throw new ArgumentException($"'{path}' is not a path inside the data folder.", nameof(path))
            : segments;
    }

    private sealed class Folder
    {
        public SortedDictionary<string, object> Children { get; } = new(StringComparer.Ordinal);
    }

    private sealed class MemoryFile
    {
        private readonly Lock _gate = new();
        private Piece? _first, _last;

        public DateTimeOffset ModifiedAt { get; private set; } = DateTimeOffset.UtcNow;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                if (bytes.Length > 0)
                {
                    _last = new Piece(bytes.ToArray(), _last);
                    _first ??= _last;
                }
                ModifiedAt = DateTimeOffset.UtcNow;
            }
        }

        public ReadOnlySequence<byte> Snapshot()
        {
            lock (_gate)
                return _first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, Piece? previous)
        {
            Memory = bytes;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }

    private sealed class MemoryBlob(ReadOnlySequence<byte> content) : IBlob
    {
        public long Size => content.Length;

        public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (offset >= content.Length)
                return ValueTask.FromResult(0);
            var part = content.Slice(offset, Math.Min(buffer.Length, content.Length - offset));
            part.CopyTo(buffer.Span);
            return ValueTask.FromResult((int)part.Length);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class MemoryWriter(MemoryFile file) : IStorageWriter
    {
        public long Length { get; private set; } = file.Snapshot().Length;

        public ValueTask AppendAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken = default)
        {
            foreach (var piece in bytes)
                file.Append(piece.Span);
            Length += bytes.Length;
            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
