using System.Formats.Tar;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Writes files to a tar, each once. The same content makes the same tar, whenever it is written.</summary>
internal sealed class TarOutput(Stream tar) : IAsyncDisposable
{
    private readonly TarWriter _writer = new(tar, TarEntryFormat.Pax, leaveOpen: true);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public bool Has(string path) => _written.Contains(path);

    public async ValueTask WriteAsync(string path, IBlob content, Action<long> onProgress, CancellationToken cancellationToken)
    {
        // docker's own reader knows sizes beyond 8 GiB from Pax alone; all else fits into the older header, which every reader has.
        const long LongestUstar = 8L * 1024 * 1024 * 1024 - 1;
        await using var data = new BlobStream(content, onProgress);
        TarEntry entry = content.Size > LongestUstar
            ? new PaxTarEntry(TarEntryType.RegularFile, path)
            : new UstarTarEntry(TarEntryType.RegularFile, path);
        entry.Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.DataStream = data;
        await _writer.WriteEntryAsync(entry, cancellationToken);
        _written.Add(path);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
