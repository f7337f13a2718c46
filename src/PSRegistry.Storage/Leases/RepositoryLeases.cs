using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>
/// Who may change a repository at the same time. Whoever adds (a push, a mount) shares it; whoever takes away (a delete) has it
/// alone, so that a manifest never loses what it was just checked to have, nor a tag its manifest. This orders one process;
/// between processes the order of the writes does (see <see cref="ManifestStore"/>).
/// </summary>
internal sealed class RepositoryLeases
{
    private readonly Dictionary<RepositoryName, Entry> _entries = [];

    /// <summary>To add.</summary>
    public ValueTask<IDisposable> ShareAsync(RepositoryName name, CancellationToken cancellationToken) => TakeAsync(name, alone: false, cancellationToken);

    /// <summary>To take away.</summary>
    public ValueTask<IDisposable> OwnAsync(RepositoryName name, CancellationToken cancellationToken) => TakeAsync(name, alone: true, cancellationToken);

    private async ValueTask<IDisposable> TakeAsync(RepositoryName name, bool alone, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_entries)
        {
            if (!_entries.TryGetValue(name, out entry!))
                _entries.Add(name, entry = new Entry());
            entry.Users++;
        }
        try
        {
            await entry.Lock.EnterAsync(alone, cancellationToken);
            return new Lease(this, name, entry, alone);
        }
        catch
        {
            Leave(name, entry);
            throw;
        }
    }

    private void Leave(RepositoryName name, Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Users == 0)
                _entries.Remove(name);
        }
    }

    private sealed class Entry
    {
        public SharedLock Lock { get; } = new();

        public int Users { get; set; }
    }

    private sealed class Lease(RepositoryLeases owner, RepositoryName name, Entry entry, bool alone) : IDisposable
    {
        private bool _released;

        public void Dispose()
        {
            if (_released)
                return;
            _released = true;
            entry.Lock.Leave(alone);
            owner.Leave(name, entry);
        }
    }
}
