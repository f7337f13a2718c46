using System.IO.Pipelines;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Uploads blobs to a repository, going on where a broken connection left off.</summary>
internal sealed class BlobSender(IRepository target)
{
    private const int MostBreaks = 5;

    /// <summary>What a registry gets to answer somebody who is leaving.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 256 * 1024, minimumReadSize: 64 * 1024, leaveOpen: true);

    /// <summary>Sends the blob; its digest and size.</summary>
    public async ValueTask<(Digest Digest, long Size)> SendAsync(IOutgoingBlob blob, CancellationToken cancellationToken)
    {
        for (var breaks = 0; ;)
        {
            await using var session = await StartAsync(blob.Algorithm, cancellationToken);
            try
            {
                await AppendAsync(session, blob, cancellationToken);
                var sent = blob.Finish();
                if (await session.CommitAsync(sent.Digest, cancellationToken) is { } actual)
                    throw new ArchiveException(target.Name.ToString(),
                        $"What arrived in {target.Name} is not {sent.Digest}: its bytes have the digest {actual}.");
                return sent;
            }
            // The registry discarded the upload, as some do after a broken connection: it begins anew.
            catch (RegistryRequestException fault) when (fault is { Failure: RegistryFailure.NotFound, Method: "PATCH" or "PUT" } && ++breaks <= MostBreaks)
            {
            }
            catch
            {
                await DiscardAsync(session);
                throw;
            }
        }
    }

    /// <summary>
    /// Given up while its answer is on the way, the upload would stay behind under a name that nobody knows: so it gets a moment to arrive, and
    /// is discarded like any other.
    /// </summary>
    private async ValueTask<IUploadSession> StartAsync(DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var patient = new CancellationTokenSource();
        await using var stop = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).CancelAfter(Patience), patient);
        try
        {
            return await target.Uploads.StartAsync(algorithm, patient.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static async ValueTask AppendAsync(IUploadSession session, IOutgoingBlob blob, CancellationToken cancellationToken)
    {
        for (var breaks = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = session.Size;
            try
            {
                var body = PipeReader.Create(await blob.OpenAsync(before, cancellationToken), Reading);
                try
                {
                    await session.AppendAsync(body, cancellationToken);
                    return;
                }
                finally
                {
                    await body.CompleteAsync();
                }
            }
            catch (RegistryRequestException fault) when (MayGoOn(fault))
            {
                breaks = session.Size > before ? 1 : breaks + 1;
                if (breaks > MostBreaks)
                    throw;
            }
            await Task.Delay(Retries.Pause(breaks - 1), cancellationToken);
        }
    }

    private static bool MayGoOn(RegistryRequestException fault) =>
        fault is { Failure: RegistryFailure.ConnectionLost or RegistryFailure.TimedOut or RegistryFailure.ServerFault, Method: "PATCH" };

    /// <summary>An upload that fails is not left behind, as far as the registry still listens.</summary>
    private static async ValueTask DiscardAsync(IUploadSession session)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await session.CancelAsync(limit.Token);
        }
        catch (Exception fault) when (fault is RegistryRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // The failure that led here says more; the registry purges the rest in time.
        }
    }
}
