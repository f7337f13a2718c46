using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// Walks the folders of the repositories in byte order, reporting a repository where its <c>_manifests</c> stands among its
/// children, whether it has one or only <c>_layers</c>.
/// </summary>
internal sealed class RepositoryWalk(RepositoryTree tree, ListMemory<RepositoryName[]> lists)
{
    public async IAsyncEnumerable<RepositoryName> ListAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await lists.FindAsync(StoragePaths.Repositories, ReadAllAsync, cancellationToken) is { } all)
        {
            for (var i = after is null ? 0 : RepositoryOrder.FirstBehind(all, after); i < all.Length; i++)
                yield return all[i];
            yield break;
        }
        string[] behind = after is null ? [] : [.. after.Split('/'), StoragePaths.Manifests];
        await foreach (var name in WalkAsync(behind, beforeReading: null, cancellationToken))
            yield return name;
    }

    private async ValueTask<RepositoryName[]?> ReadAllAsync(IFolderWatch watch, CancellationToken cancellationToken)
    {
        var names = new List<RepositoryName>();
        var isWatched = true;
        await foreach (var name in WalkAsync(default, folder => isWatched &= watch.TryAdd(folder), cancellationToken))
        {
            if (!isWatched)
                return null;
            names.Add(name);
        }
        return isWatched ? [.. names] : null;
    }

    /// <param name="after">The components of what to begin behind; empty for all.</param>
    /// <param name="beforeReading">Told of each folder before it is read.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    private async IAsyncEnumerable<RepositoryName> WalkAsync(
        ReadOnlyMemory<string> after, Action<string>? beforeReading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new Stack<Level>();
        open.Push(await EnterAsync(tree.Enter(), null, after));
        while (open.TryPeek(out var level))
        {
            if (!level.TryNext(out var child, out var behind))
                open.Pop();
            else if (!child.IsRepository)
                open.Push(await EnterAsync(child, level.Known, behind));
            else
                yield return child.Name!;
        }

        async ValueTask<Level> EnterAsync(RepositoryFolder folder, KnownChildren? around, ReadOnlyMemory<string> behind)
        {
            cancellationToken.ThrowIfCancellationRequested();
            beforeReading?.Invoke(folder.Path);
            return new Level(await tree.ChildrenAsync(folder, around, beforeReading is null, cancellationToken), behind);
        }
    }

    /// <summary>A folder that the walk is in.</summary>
    private sealed class Level
    {
        private readonly RepositoryFolder[] _children;
        private readonly ReadOnlyMemory<string> _after;
        private int _next;

        /// <param name="known">What is in it.</param>
        /// <param name="after">What of the name to begin behind lies in here; empty when all of the folder lies behind it.</param>
        public Level(KnownChildren known, ReadOnlyMemory<string> after)
        {
            (Known, _children, _after) = (known, known.Children, after);
            if (after.IsEmpty)
                return;
            _next = RepositoryFolder.FirstFrom(_children, after.Span[0]);
            if (after.Length == 1 && _next < _children.Length && _children[_next].Component == after.Span[0])
                _next++;
        }

        /// <summary>What is in it.</summary>
        public KnownChildren Known { get; }

        /// <param name="child">The next child.</param>
        /// <param name="behind">What of the name to begin behind lies in that one.</param>
        public bool TryNext([NotNullWhen(true)] out RepositoryFolder? child, out ReadOnlyMemory<string> behind)
        {
            (child, behind) = (null, default);
            if (_next == _children.Length)
                return false;
            child = _children[_next++];
            if (!_after.IsEmpty && child.Component == _after.Span[0])
                behind = _after[1..];
            return true;
        }
    }
}
