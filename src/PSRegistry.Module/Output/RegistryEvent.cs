using PSRegistry.Hosting;

namespace PSRegistry.Output;

/// <summary>Something that happened to a registry's content. Binds by property name to every cmdlet that takes -Registry, -Repository, -Tag and -Digest.</summary>
public sealed class RegistryEvent
{
    private readonly EventRecord _record;

    internal RegistryEvent(string registry, EventRecord record)
    {
        Registry = registry;
        _record = record;
    }

    /// <summary>Its name, which endpoints are told, too.</summary>
    public string Id => _record.Id;

    /// <summary>When, in local time.</summary>
    public DateTime Time => _record.Time.LocalDateTime;

    /// <summary>push, pull, mount or delete.</summary>
    public string Action => _record.Action;

    /// <summary>The registry, or the data folder that was watched.</summary>
    public string Registry { get; }

    /// <summary>The repository's name.</summary>
    public string Repository => _record.Repository;

    /// <summary>Where a mounted blob came from; null where that is not known.</summary>
    public string? FromRepository => _record.FromRepository;

    /// <summary>The tag by which it happened; null for none.</summary>
    public string? Tag => _record.Tag;

    /// <summary>The content; null where only a tag was deleted.</summary>
    public string? Digest => _record.Digest;

    /// <summary>The type of the content, application/octet-stream for blobs; null for what is deleted.</summary>
    public string? MediaType => _record.MediaType;

    /// <summary>The length of the content in bytes; null for what is deleted.</summary>
    public long? Size => _record.Size;

    /// <summary>Who did it; null for somebody without a name.</summary>
    public string? User => _record.User;

    /// <summary>Where the request came from: an address, with its port where no proxy stands between.</summary>
    public string Address => _record.Request.Address;

    /// <summary>The client's program.</summary>
    public string UserAgent => _record.Request.UserAgent;

    /// <summary>The HTTP method: a HEAD pulls as well.</summary>
    public string Method => _record.Request.Method;

    /// <summary>The request, as the access log calls it.</summary>
    public string RequestId => _record.Request.Id;

    /// <summary>Host and port of the server that told.</summary>
    public string? Source => _record.Source;

    /// <summary><c>push team/app:1.0</c></summary>
    public override string ToString() => Tag is not null ? $"{Action} {Repository}:{Tag}" : $"{Action} {Repository}@{Digest}";
}
