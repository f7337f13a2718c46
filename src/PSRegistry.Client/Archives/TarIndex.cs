using System.Formats.Tar;

namespace PSRegistry.Client;

/// <summary>
/// What is where in a tar file, found in one pass that keeps no content. Entries that an archive of images never has are refused here, by
/// name: whoever made them hopes for a reader that unpacks.
/// </summary>
internal sealed class TarIndex
{
    /// <summary>More than an archive of a hundred images has.</summary>
    private const int MostEntries = 100_000;

    private const int MostHops = 10;

    /// <summary>What is kept of a stream: manifests and configurations, which are read out of their order.</summary>
    private const int LongestKept = 256 * 1024, MostKept = 32 * 1024 * 1024;

    private readonly Dictionary<string, ArchiveEntry> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly string _archive;
    private long _kept;

    private TarIndex(string archive) => _archive = archive;

    /// <summary>Reads the whole of <paramref name="tar"/>.</summary>
    public static async ValueTask<TarIndex> ReadAsync(string archive, Stream tar, CancellationToken cancellationToken)
    {
        var index = new TarIndex(archive);
        try
        {
            await using var reader = new TarReader(tar, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                index.Add(entry, tar);
                if (!tar.CanSeek && entry.DataStream is { } content)
                    await index.KeepAsync(entry, content, cancellationToken);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or FormatException or OverflowException or ArgumentException or NotSupportedException)
        {
            throw new ArchiveException(archive, $"'{archive}' is no archive of images, or is damaged: {ServerText.Clean(fault.Message)}", fault);
        }
        if (index._files.Count == 0)
            throw new ArchiveException(archive, $"'{archive}' is no archive of images: there is no file in it.");
        return index;
    }

    /// <summary>The file of that path, through the links inside the archive; null when there is none.</summary>
    public ArchiveEntry? Find(string path)
    {
        var name = ArchivePath.Normalize(path) ?? throw Refuse(path, "which is outside of it");
        for (var hops = 0; hops < MostHops; hops++)
        {
            if (_files.TryGetValue(name, out var entry))
                return entry;
            if (!_links.TryGetValue(name, out name!))
                return null;
        }
        throw Refuse(path, "whose links go round in a circle");
    }

    private async ValueTask KeepAsync(TarEntry entry, Stream content, CancellationToken cancellationToken)
    {
        if (entry.Length > LongestKept || _kept + entry.Length > MostKept || _files.GetValueOrDefault(ArchivePath.Normalize(entry.Name)!) is not { } file)
            return;
        var bytes = new byte[entry.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        _files[file.Path] = file with { Content = bytes };
        _kept += bytes.Length;
    }

    private void Add(TarEntry entry, Stream tar)
    {
        if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes)
            return;
        var path = ArchivePath.Normalize(entry.Name) ?? throw Refuse(entry.Name, "which leads out of it");
        if (_files.Count + _links.Count >= MostEntries)
            throw new ArchiveException(_archive, $"'{_archive}' has more than {MostEntries} entries, as no archive of images has.");
        if (_files.ContainsKey(path) || _links.ContainsKey(path))
            throw Refuse(entry.Name, "twice");
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                _files[path] = new ArchiveEntry(path, tar.CanSeek ? entry.DataOffset : tar.Position, entry.Length);
                break;
            case TarEntryType.SymbolicLink:
                _links[path] = ArchivePath.Follow(path, entry.LinkName) ?? throw Refuse(entry.Name, "a link that leads out of it");
                break;
            case TarEntryType.HardLink:
                _links[path] = ArchivePath.Normalize(entry.LinkName) ?? throw Refuse(entry.Name, "a link that leads out of it");
                break;
            default:
                throw Refuse(entry.Name, $"of the type {entry.EntryType}, which has no place in an archive of images");
        }
    }

    private ArchiveException Refuse(string entry, string why) => new(_archive, $"'{_archive}' is refused: it holds '{ServerText.Clean(entry, 200)}', {why}.");
}
