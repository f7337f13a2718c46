using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>A folder of the tree of repositories.</summary>
/// <param name="component">Its name in the folder above.</param>
/// <param name="path">Where the driver has it.</param>
/// <param name="name">The repository that it would be; null for the top, and where that is no name.</param>
internal sealed class RepositoryFolder(string component, string path, RepositoryName? name)
{
    private RepositoryFolder? _itself;
    private KnownChildren? _known;

    /// <summary>Its name in the folder above, by which children are ordered.</summary>
    public string Component => component;

    /// <summary>Where the driver has it.</summary>
    public string Path => path;

    /// <summary>The repository that it would be; null for the top, and where that is no name.</summary>
    public RepositoryName? Name => name;

    /// <summary>What was in it when it was last read; null before.</summary>
    public KnownChildren? Known => Volatile.Read(ref _known);

    /// <summary>Keeps what is in it now; returns what was known before.</summary>
    public KnownChildren? Replace(KnownChildren known) => Interlocked.Exchange(ref _known, known);

    /// <summary>Whether this stands for the repository itself, among the children of its folder: where <c>_manifests</c> stands.</summary>
    public bool IsRepository => component == StoragePaths.Manifests;

    /// <summary>The repository itself, among its folder's children.</summary>
    public RepositoryFolder Itself => _itself ??= new(StoragePaths.Manifests, path, name);

    /// <summary>A child; the one from before, with what it knows, where it was one.</summary>
    public RepositoryFolder Child(string child, RepositoryFolder[]? before)
    {
        if (before is not null && FirstFrom(before, child) is var index && index < before.Length && before[index].Component == child)
            return before[index];
        var full = $"{path}/{child}";
        return new RepositoryFolder(child, full, RepositoryName.TryParse(full.AsSpan(StoragePaths.Repositories.Length + 1), out var repository) ? repository : null);
    }

    /// <summary>Where in the ordered children those begin that are not before a name.</summary>
    public static int FirstFrom(RepositoryFolder[] children, string component)
    {
        int from = 0, to = children.Length;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (string.CompareOrdinal(children[middle].Component, component) < 0)
                from = middle + 1;
            else
                to = middle;
        }
        return from;
    }
}
