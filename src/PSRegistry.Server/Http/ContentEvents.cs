using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Notifications;

namespace PSRegistry.Server.Http;

/// <summary>
/// Tells what requests did to content, in the original's terms: a HEAD pulls as well, a manifest that the client has (304) was not pulled, a
/// deleted manifest takes its tags along. Pushes and deletes wait until the event is kept; pulls wait for nothing.
/// </summary>
internal sealed class ContentEvents(RegistryEvents events, UrlBuilder urls)
{
    /// <summary>Whether anybody wants to hear: look before anything is gathered for an event.</summary>
    public bool AreWanted => events.AreWanted;

    public async ValueTask ManifestPushedAsync(HttpContext context, RepositoryName name, Manifest manifest, Digest digest, IReadOnlyList<Tag> tags)
    {
        if (!AreWanted)
            return;
        var each = tags.Count > 0 ? tags : Enumerable.Repeat<Tag?>(null, 1);
        await Task.WhenAll(each.Select(tag => events.RecordAsync(
            OfManifest(context, EventActions.Push, name, manifest.MediaType, digest, manifest.Content.Length, tag), References(manifest), durable: true)).ToList());
    }

    public void ManifestPulled(HttpContext context, RepositoryName name, StoredManifest manifest, Tag? tag)
    {
        if (!AreWanted)
            return;
        var references = events.IncludeReferences && Manifest.TryParse(manifest.Content, manifest.MediaType, out var parsed, out _) ? References(parsed) : [];
        _ = events.RecordAsync(OfManifest(context, EventActions.Pull, name, manifest.MediaType, manifest.Digest, manifest.Content.Length, tag), references, durable: false);
    }

    public ValueTask BlobPushedAsync(HttpContext context, RepositoryName name, Digest digest, long size) =>
        AreWanted ? KeepAsync(OfBlob(context, EventActions.Push, name, digest, size)) : ValueTask.CompletedTask;

    public ValueTask BlobMountedAsync(HttpContext context, RepositoryName name, Digest digest, long size, RepositoryName? from) =>
        AreWanted ? KeepAsync(OfBlob(context, EventActions.Mount, name, digest, size) with { FromRepository = from?.ToString() }) : ValueTask.CompletedTask;

    public void BlobPulled(HttpContext context, RepositoryName name, Digest digest, long size)
    {
        if (AreWanted)
            _ = events.RecordAsync(OfBlob(context, EventActions.Pull, name, digest, size), [], durable: false);
    }

    /// <summary>Content is gone, and the tags that named it.</summary>
    public async ValueTask DeletedAsync(HttpContext context, RepositoryName name, Digest? digest, IReadOnlyList<Tag> tags)
    {
        if (!AreWanted)
            return;
        var deleted = Of(context, EventActions.Delete, name);
        IEnumerable<EventRecord> records = tags.Select(tag => deleted with { Id = NewId(), Tag = tag.ToString() });
        if (digest is not null)
            records = records.Prepend(deleted with { Digest = digest.ToString() });
        await Task.WhenAll(records.Select(record => events.RecordAsync(record, [], durable: true)).ToList());
    }

    private async ValueTask KeepAsync(EventRecord record) => await events.RecordAsync(record, [], durable: true);

    private IEnumerable<Descriptor> References(Manifest manifest)
    {
        if (!events.IncludeReferences)
            return [];
        IEnumerable<Descriptor> content = [.. manifest.Layers, .. manifest.Manifests];
        return manifest.Config is { } config ? content.Prepend(config) : content;
    }

    private EventRecord OfManifest(HttpContext context, string action, RepositoryName name, string mediaType, Digest digest, long size, Tag? tag) =>
        Of(context, action, name) with
        {
            MediaType = mediaType,
            Digest = digest.ToString(),
            Size = size,
            Url = urls.ForOthers(context.Request) + $"/v2/{name}/manifests/{digest}",
            Tag = tag?.ToString(),
        };

    private EventRecord OfBlob(HttpContext context, string action, RepositoryName name, Digest digest, long size) => Of(context, action, name) with
    {
        MediaType = MediaTypes.OctetStream,
        Digest = digest.ToString(),
        Size = size,
        Url = urls.ForOthers(context.Request) + $"/v2/{name}/blobs/{digest}",
    };

    private EventRecord Of(HttpContext context, string action, RepositoryName name) => new()
    {
        Id = NewId(),
        Time = DateTimeOffset.UtcNow,
        Action = action,
        Repository = name.ToString(),
        User = Caller.Of(context).Name is { Length: > 0 } user ? user : null,
        Request = new EventRequest(
            context.TraceIdentifier, RemoteName.Of(context.Connection), context.Request.Host.Value ?? "", context.Request.Method, context.Request.Headers.UserAgent.ToString()),
        Source = events.Source.Address,
        Instance = events.Source.Instance,
    };

    private static string NewId() => Guid.NewGuid().ToString();
}
