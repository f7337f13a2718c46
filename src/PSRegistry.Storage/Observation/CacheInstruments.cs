using System.Diagnostics.Metrics;

namespace PSRegistry.Storage;

/// <summary>What is measured of the storage's memories: under the names of the original's 3.x, and of 2.8, which has one with <c>type</c>.</summary>
internal sealed class CacheInstruments
{
    private readonly List<CacheCounts> _caches = [];
    private readonly ObservableCounter<long> _requests;

    public CacheInstruments(Meter meter)
    {
        _requests = meter.CreateObservableCounter(
            "registry.storage.cache.requests", () => Each(cache => cache.Requests), "{request}", "The number of cache request received");
        meter.CreateObservableCounter("registry.storage.cache.hits", () => Each(cache => cache.Hits), "{request}", "The number of cache requests that were answered from memory");
        meter.CreateObservableCounter("registry.storage.cache", ByType, "{request}", "The number of cache request received");
    }

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsEnabled => _requests.Enabled;

    /// <summary>Counts for one cache: <c>manifest</c>, <c>tags</c> or <c>repositories</c>.</summary>
    public CacheCounts Of(string cache)
    {
        var counts = new CacheCounts(this, cache);
        _caches.Add(counts);
        return counts;
    }

    private IEnumerable<Measurement<long>> Each(Func<CacheCounts, long> count) =>
        _caches.Select(cache => new Measurement<long>(count(cache), new KeyValuePair<string, object?>("cache", cache.Name)));

    private IEnumerable<Measurement<long>> ByType()
    {
        var (requests, hits) = (_caches.Sum(cache => cache.Requests), _caches.Sum(cache => cache.Hits));
        return [Type(requests, "Request"), Type(hits, "Hit"), Type(Math.Max(0, requests - hits), "Miss")];
    }

    private static Measurement<long> Type(long count, string type) => new(count, new KeyValuePair<string, object?>("type", type));
}
