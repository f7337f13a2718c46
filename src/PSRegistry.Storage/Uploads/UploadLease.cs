using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>An upload held by one caller.</summary>
internal sealed class UploadLease(UploadLeases owner, UploadId id) : IDisposable
{
    private bool _released;

    /// <summary>The hash left by who held it before, when it covers exactly <paramref name="length"/> bytes.</summary>
    public RunningHash? TakeHash(long length)
    {
        var hash = owner.TakeHash(id);
        if (hash is null || hash.Length == length)
            return hash;
        hash.Dispose();
        return null;
    }

    public void KeepHash(RunningHash hash) => owner.KeepHash(id, hash);

    /// <summary>Waits for all of a small content without writing what is there; false when too many do.</summary>
    public bool TryWaitInMemory() => owner.TryWaitInMemory();

    /// <summary>The wait is over.</summary>
    public void EndWaitInMemory() => owner.EndWaitInMemory();

    /// <summary>The upload is over: it is not taken for one that has no folder yet.</summary>
    public void End() => owner.End(id);

    public void Dispose()
    {
        if (_released)
            return;
        _released = true;
        owner.Leave(id);
    }
}
