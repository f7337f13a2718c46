using System.Collections.Concurrent;
using System.Text.Json;
using PSRegistry.Server.Http;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Server.Notifications;

/// <summary>The number of the event that each reader gets next. Written down a moment after it moved: what was delivered in between may come twice.</summary>
/// <param name="file">Where; null to keep them in memory.</param>
internal sealed class OutboxPositions(string? file)
{
    private readonly ConcurrentDictionary<string, long> _next = Read(file);
    private readonly Lock _saving = new();
    private bool _isChanged;

    /// <summary>The smallest of those of these readers; null when there is none.</summary>
    public long? Least(IEnumerable<string> readers)
    {
        long? least = null;
        foreach (var reader in readers)
        {
            if (_next.TryGetValue(reader, out var next) && !(next >= least))
                least = next;
        }
        return least;
    }

    /// <summary>Where a reader is; one that comes for the first time begins with what happens from now on.</summary>
    public long Of(string reader, long end)
    {
        if (_next.TryAdd(reader, end))
            Volatile.Write(ref _isChanged, true);
        return _next[reader];
    }

    /// <summary>After a power cut somebody may have read what was not on the disk yet; other events have those numbers now.</summary>
    public void Limit(long end)
    {
        foreach (var (reader, next) in _next)
        {
            if (next > end)
                Set(reader, end);
        }
    }

    public void Set(string reader, long next)
    {
        _next[reader] = next;
        Volatile.Write(ref _isChanged, true);
    }

    /// <summary>Writes them down where they changed.</summary>
    /// <exception cref="IOException">The file cannot be written; they stay changed.</exception>
    public void Save()
    {
        // One after the other, so that no older state replaces a newer one.
        lock (_saving)
        {
            if (file is not null && Interlocked.Exchange(ref _isChanged, false))
                Save(file);
        }
    }

    private void Save(string file)
    {
        try
        {
            DurableFile.PutInPlace(DurableFile.WriteAside(file, JsonText.Write(Write).WrittenMemory), file);
        }
        catch
        {
            Volatile.Write(ref _isChanged, true);
            throw;
        }
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (reader, next) in _next)
            json.WriteNumber(reader, next);
        json.WriteEndObject();
    }

    private static ConcurrentDictionary<string, long> Read(string? file)
    {
        var next = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        if (file is null || !File.Exists(file))
            return next;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var entry in json.RootElement.EnumerateObject())
                next[entry.Name] = entry.Value.GetInt64();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            // Replaced by rename, so only a hand can have spoilt it. Without it every reader begins with what happens from now on.
            next.Clear();
        }
        return next;
    }
}
