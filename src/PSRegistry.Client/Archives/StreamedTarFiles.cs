using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// The files of a tar that comes as a stream: a compressed file, or what an engine exports. There is no copy of it, on the disk or in
/// memory; what lies behind is begun anew. Files read one after the other in their order take one pass.
/// </summary>
internal sealed class StreamedTarFiles(string name, TarIndex index, Func<CancellationToken, ValueTask<Stream>> open) : IArchiveFiles
{
    private readonly Lock _gate = new();
    private CountingStream? _idle;

    public string Name => name;

    public bool IsSequential => true;

    public ArchiveEntry? Find(string path) => index.Find(path);

    public ValueTask<IBlob> OpenAsync(ArchiveEntry entry, CancellationToken cancellationToken) => ValueTask.FromResult<IBlob>(
        entry.Content is { } kept ? new MemoryBlob(kept) : new Part(this, entry));

    public async ValueTask DisposeAsync()
    {
        if (_idle is not null)
            await _idle.DisposeAsync();
    }

    private async ValueTask<CountingStream> TakeAsync(long position, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_idle is { } idle && idle.Position <= position)
            {
                _idle = null;
                return idle;
            }
        }
        return new CountingStream(await open(cancellationToken));
    }

    private async ValueTask GiveBackAsync(CountingStream stream)
    {
        CountingStream? old;
        lock (_gate)
        {
            old = _idle;
            _idle = stream;
        }
        if (old is not null)
            await old.DisposeAsync();
    }

    private sealed class Part(StreamedTarFiles files, ArchiveEntry entry) : IBlob
    {
        private CountingStream? _stream;

        public long Size => entry.Size;

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (offset >= entry.Size || buffer.IsEmpty)
                return 0;
            var position = entry.Offset + offset;
            if (_stream is not null && _stream.Position > position)
            {
                await _stream.DisposeAsync();
                _stream = null;
            }
            try
            {
                _stream ??= await files.TakeAsync(position, cancellationToken);
                await _stream.PassOverAsync(position - _stream.Position, cancellationToken);
                var read = await _stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, entry.Size - offset)], cancellationToken);
                return read > 0 ? read : throw new EndOfStreamException($"it ends at byte {_stream.Position}.");
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException)
            {
                throw new ArchiveException(files.Name,
                    $"'{entry.Path}' in '{files.Name}' cannot be read: {ServerText.Clean(fault.Message)}", fault);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_stream is not null)
                await files.GiveBackAsync(_stream);
            _stream = null;
        }
    }
}
