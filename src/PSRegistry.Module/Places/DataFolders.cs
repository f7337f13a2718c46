using PSRegistry.Storage;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Places;

/// <summary>
/// The data folders that a command works on, each opened once. A server may run on the same folder, in this process or another: its
/// changes and these go through the same storage, which keeps several processes apart by the order of what they write.
/// </summary>
internal sealed class DataFolders
{
    private readonly Dictionary<string, RegistryPlace> _open = new(StringComparer.Ordinal);

    /// <summary>Whether a text names a folder rather than a registry, as objects from a folder carry it.</summary>
    public static bool IsFolder(string registry) => Path.IsPathFullyQualified(registry);

    /// <summary>The registry in a folder; null when it holds none. Nothing is ever made.</summary>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    public RegistryPlace? Find(string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (_open.TryGetValue(folder, out var place))
            return place;
        if (!StorageRegistry.IsIn(folder))
            return null;
        // What lies there was checked when it came, by the rules of its server; whoever opens the folder does not know them.
        var rules = new ManifestRules { Index = IndexRule.None };
        place = new RegistryPlace(folder, new StorageRegistry(new FileSystemDriver(folder), new StorageOptions { ManifestRules = rules }));
        _open.Add(folder, place);
        return place;
    }
}
