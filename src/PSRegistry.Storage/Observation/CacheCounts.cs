namespace PSRegistry.Storage;

/// <summary>Counts how often a memory is asked, and how often it knows; while nobody wants to know, it looks at a field.</summary>
internal sealed class CacheCounts(CacheInstruments instruments, string name)
{
    private long _requests;
    private long _hits;

    public string Name => name;

    public long Requests => Interlocked.Read(ref _requests);

    public long Hits => Interlocked.Read(ref _hits);

    public void Add(bool isHit)
    {
        if (!instruments.IsEnabled)
            return;
        Interlocked.Increment(ref _requests);
        if (isHit)
            Interlocked.Increment(ref _hits);
    }
}
