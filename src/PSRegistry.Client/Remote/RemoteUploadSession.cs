using System.Collections.Concurrent;
using System.IO.Pipelines;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// An upload to a registry: each append is one PATCH whose body goes out as it is read. After an append that failed the registry is asked
/// how far it got, so that <see cref="Size"/> tells where to go on.
/// </summary>
internal sealed class RemoteUploadSession(
    RemoteUpload upload, RepositoryName name, RegistryTransport transport, ConcurrentDictionary<UploadId, RemoteUpload> known) : IUploadSession
{
    private Uri _location = upload.Location;

    public UploadId Id => upload.Id;

    public long Size { get; private set; }

    public DateTimeOffset StartedAt => upload.StartedAt;

    private Asked Asked => Asked.Write(name, $"a blob of {name}");

    public async ValueTask<long> AppendAsync(PipeReader body, CancellationToken cancellationToken = default)
    {
        using var content = new BodyContent(body) { Headers = { ContentType = new(MediaTypes.OctetStream) } };
        var call = new Call(HttpMethod.Patch, _location) { Body = () => content, Repeat = Repeat.Never };
        try
        {
            await transport.SendAsync(call, Asked, ReadLocation, cancellationToken);
        }
        catch (Exception fault) when (content.SourceFault is { } source && fault is not OperationCanceledException)
        {
            await AskAsync(cancellationToken);
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(source);
        }
        catch (RegistryRequestException fault) when (fault.Failure is RegistryFailure.ConnectionLost or RegistryFailure.TimedOut or RegistryFailure.ServerFault)
        {
            await AskAsync(cancellationToken);
            throw;
        }
        Size += content.Sent;
        return content.Sent;
    }

    /// <summary>The registry says no more than that a digest is wrong, so that is a fault: <see cref="RegistryFailure.DigestMismatch"/>.</summary>
    public async ValueTask<Digest?> CommitAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        var call = new Call(HttpMethod.Put, UploadLocation.WithDigest(_location, digest)) { Body = Empty, Repeat = Repeat.WhenRefused };
        try
        {
            await transport.SendAsync(call, Asked, static (_, _) => ValueTask.FromResult(true), cancellationToken);
        }
        catch (RegistryRequestException fault) when (fault.Errors.Any(error => error.Code.Name == ErrorCode.DigestInvalid.Name))
        {
            known.TryRemove(Id, out _);
            throw new RegistryRequestException(RegistryFailure.DigestMismatch, $"What arrived at {fault.Registry} is not {digest}; the upload was discarded.", fault)
            {
                Registry = fault.Registry,
                Method = fault.Method,
                RequestUri = fault.RequestUri,
                Status = fault.Status,
                Errors = fault.Errors,
            };
        }
        catch (RegistryRequestException fault) when (fault.Failure == RegistryFailure.ConnectionLost)
        {
            // Committed or not: the blob is there or it is not.
            if (await new RemoteBlobStore(name, transport).GetSizeAsync(digest, cancellationToken) is null)
                throw;
        }
        known.TryRemove(Id, out _);
        return null;
    }

    public async ValueTask CancelAsync(CancellationToken cancellationToken = default)
    {
        var call = new Call(HttpMethod.Delete, _location) { Repeat = Repeat.WhenRefused };
        await transport.FindAsync(call, Asked, static (_, _) => ValueTask.FromResult(true), cancellationToken);
        known.TryRemove(Id, out _);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Asks how far the upload has come; false when the registry does not know it.</summary>
    internal async ValueTask<bool> FindAsync(CancellationToken cancellationToken)
    {
        var found = await transport.FindAsync(Call.Get(_location), Asked, Read, cancellationToken);
        if (!found)
            known.TryRemove(Id, out _);
        return found;

        ValueTask<bool> Read(Answer answer, CancellationToken token)
        {
            MoveTo(UploadLocation.Next(transport, answer, _location));
            var received = UploadLocation.Received(answer) ?? 0;
            // 0-0 is one byte, or, as CNCF Distribution writes it, none; nobody appends a single byte, and it is sent again.
            Size = received == 1 ? 0 : received;
            return ValueTask.FromResult(true);
        }
    }

    private static ByteArrayContent Empty() => new([]);

    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await FindAsync(cancellationToken))
                Size = 0;
        }
        catch (RegistryRequestException)
        {
            // The first failure says more than that the second request failed too.
        }
    }

    private ValueTask<bool> ReadLocation(Answer answer, CancellationToken cancellationToken)
    {
        MoveTo(UploadLocation.Next(transport, answer, _location));
        return ValueTask.FromResult(true);
    }

    private void MoveTo(Uri location)
    {
        _location = location;
        known[Id] = upload with { Location = location };
    }
}
