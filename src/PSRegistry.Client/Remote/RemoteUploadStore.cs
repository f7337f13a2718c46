using System.Collections.Concurrent;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// The uploads of a repository on the far end of HTTP. Where one goes on is a URL that only the registry can write: those that were
/// opened here are known, others are tried by their name, as far as the registry takes that.
/// </summary>
internal sealed class RemoteUploadStore(RepositoryName name, RegistryTransport transport) : IUploadStore
{
    private readonly ConcurrentDictionary<UploadId, RemoteUpload> _known = new();

    public async ValueTask<IUploadSession> StartAsync(DigestAlgorithm algorithm, CancellationToken cancellationToken = default)
    {
        var call = new Call(HttpMethod.Post, transport.UriOf($"v2/{name}/blobs/uploads/"));
        var upload = await transport.SendAsync(call, Asked.Write(name, $"blobs of {name}"), ReadAsync, cancellationToken);
        _known[upload.Id] = upload;
        return new RemoteUploadSession(upload, name, transport, _known);
    }

    public async ValueTask<IUploadSession?> ResumeAsync(UploadId id, CancellationToken cancellationToken = default)
    {
        var session = new RemoteUploadSession(KnownOrGuessed(id), name, transport, _known);
        return await session.FindAsync(cancellationToken) ? session : null;
    }

    public async ValueTask<UploadStatus?> GetStatusAsync(UploadId id, CancellationToken cancellationToken = default)
    {
        var upload = KnownOrGuessed(id);
        await using var session = new RemoteUploadSession(upload, name, transport, _known);
        return await session.FindAsync(cancellationToken) ? new UploadStatus(id, session.Size, session.StartedAt) : null;
    }

    private RemoteUpload KnownOrGuessed(UploadId id) =>
        _known.GetValueOrDefault(id) ?? new RemoteUpload(id, DateTimeOffset.MinValue, transport.UriOf($"v2/{name}/blobs/uploads/{id}"));

    private ValueTask<RemoteUpload> ReadAsync(Answer answer, CancellationToken cancellationToken)
    {
        if (answer.Header("Location") is not { Length: > 0 } text)
            throw transport.Faults.New(RegistryFailure.ProtocolFault, answer, $"{transport.Faults.Registry} opens an upload without telling where.");
        var location = UploadLocation.Resolve(transport, answer, text);
        var told = answer.Header("Docker-Upload-UUID") ?? location.Segments[^1];
        var id = UploadId.TryParse(told, out var parsed) ? parsed : UploadId.Create();
        return ValueTask.FromResult(new RemoteUpload(id, transport.Clock.GetUtcNow(), location));
    }
}

/// <summary>An upload as the registry knows it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="StartedAt">When it was opened here; <see cref="DateTimeOffset.MinValue"/> where that is not known.</param>
/// <param name="Location">Where it goes on.</param>
internal sealed record RemoteUpload(UploadId Id, DateTimeOffset StartedAt, Uri Location);
