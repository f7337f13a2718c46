using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The blobs of a repository on the far end of HTTP.</summary>
internal sealed class RemoteBlobStore(RepositoryName name, RegistryTransport transport) : IBlobStore
{
    public async ValueTask<IBlob?> OpenAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        var call = new Call(HttpMethod.Get, UriOf(digest)) { Accept = "*/*" };
        var asked = Asked.Read(name, Words(digest));
        Answer answer;
        try
        {
            answer = await transport.OpenAsync(call, asked, cancellationToken);
        }
        catch (RegistryRequestException fault) when (fault.Failure == RegistryFailure.NotFound)
        {
            return null;
        }
        catch (RegistryRequestException fault) when (fault is { Failure: RegistryFailure.NotARegistry, Status: 404 })
        {
            await transport.PingAsync(cancellationToken);
            return null;
        }
        try
        {
            var size = answer.Length ?? await GetSizeAsync(digest, cancellationToken)
                ?? throw transport.Faults.New(RegistryFailure.ProtocolFault, answer, $"{transport.Faults.Who(answer.Uri)} does not tell how long {Words(digest)} is.");
            return new RemoteBlob(digest, size, call, asked, transport, answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public ValueTask<long?> GetSizeAsync(Digest digest, CancellationToken cancellationToken = default) => transport.FindAsync(
        new Call(HttpMethod.Head, UriOf(digest)) { Accept = "*/*" },
        Asked.Read(name, Words(digest)),
        (answer, _) => answer.Length is { } length
            ? ValueTask.FromResult<long?>(length)
            : throw transport.Faults.New(RegistryFailure.ProtocolFault, answer, $"{transport.Faults.Who(answer.Uri)} does not tell how long {Words(digest)} is."),
        cancellationToken);

    public ValueTask<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default) => transport.FindAsync(
        new Call(HttpMethod.Delete, UriOf(digest)) { Repeat = Repeat.WhenRefused },
        Asked.Delete(name, Words(digest)),
        static (_, _) => ValueTask.FromResult(true),
        cancellationToken);

    public async ValueTask<bool> MountAsync(Digest digest, RepositoryName? from, CancellationToken cancellationToken = default)
    {
        var query = from is null ? $"mount={digest}" : $"mount={digest}&from={Uri.EscapeDataString(from.ToString())}";
        var call = new Call(HttpMethod.Post, transport.UriOf($"v2/{name}/blobs/uploads/?{query}"));
        var asked = Asked.Mount(name, Words(digest), from);
        var (mounted, upload) = await transport.SendAsync(call, asked, Read, cancellationToken);
        // Not mounted, the registry has opened an upload that nobody asked for.
        if (upload is not null)
            await DiscardAsync(upload, cancellationToken);
        return mounted;

        ValueTask<(bool, Uri?)> Read(Answer answer, CancellationToken token)
        {
            if (answer.Status == System.Net.HttpStatusCode.Created)
                return ValueTask.FromResult<(bool, Uri?)>((true, null));
            var location = answer.Header("Location");
            return ValueTask.FromResult<(bool, Uri?)>((false, location is null ? null : UploadLocation.Resolve(transport, answer, location)));
        }
    }

    private async ValueTask DiscardAsync(Uri upload, CancellationToken cancellationToken)
    {
        try
        {
            var call = new Call(HttpMethod.Delete, upload) { Repeat = Repeat.Never };
            await transport.FindAsync(call, Asked.Write(name, "an upload"), static (_, _) => ValueTask.FromResult(true), cancellationToken);
        }
        catch (RegistryRequestException)
        {
            // A registry that cannot discard it purges it in time.
        }
    }

    private Uri UriOf(Digest digest) => transport.UriOf($"v2/{name}/blobs/{digest}");

    private string Words(Digest digest) => $"the blob {digest} of {name}";
}
