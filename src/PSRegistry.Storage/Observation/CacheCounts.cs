namespace PSRegistry.Storage;

/// <summary>Counts how often a memory is asked, and how often it knows.</summary>
internal sealed class CacheCounts(StorageInstruments instruments, string cache)
{
    private readonly KeyValuePair<string, object?> _cache = new("cache", cache);

    public void Add(bool isHit)
    {
        instruments.CacheRequests.Add(1, _cache);
        if (isHit)
            instruments.CacheHits.Add(1, _cache);
    }
}
