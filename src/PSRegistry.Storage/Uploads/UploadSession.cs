using System.Buffers;
using System.IO.Pipelines;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// An upload in its folder; the bytes pass once, hashed while they are written. Where the folder is not made yet, content that comes whole and is
/// small never gets there: making the folder and two files and taking all away again is half of the work of a small push.
/// </summary>
internal sealed class UploadSession(
    RepositoryName name,
    UploadStatus begun,
    bool isInFolder,
    IStorageDriver driver,
    RepositoryLeases leases,
    UploadLease lease) : IUploadSession
{
    private const int ReadAgainBuffer = 1024 * 1024;

    /// <summary>More than this is not kept in memory until the commit.</summary>
    private const int SmallAtMost = 64 * 1024;

    private readonly string _data = StoragePaths.UploadData(name, begun.Id);
    private bool _isInFolder = isInFolder;
    private byte[]? _small;
    private IStorageWriter? _writer;

    public UploadId Id => begun.Id;

    public long Size { get; private set; } = begun.Size;

    public DateTimeOffset StartedAt => begun.StartedAt;

    public ValueTask<long> AppendAsync(PipeReader body, CancellationToken cancellationToken = default) => AppendAsync(body, null, cancellationToken);

    /// <param name="body">The bytes.</param>
    /// <param name="begun">The first of them, when they were read already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async ValueTask<long> AppendAsync(PipeReader body, ReadResult? begun, CancellationToken cancellationToken)
    {
        if (_small is not null)
            throw new InvalidOperationException("Nothing can be appended behind the last bytes.");
        var writer = await OpenAsync(cancellationToken);
        if (Size > 0)
            await driver.DeleteAsync(StoragePaths.UploadHashStates(name, Id), durable: false, cancellationToken);
        var hash = lease.TakeHash(writer.Length) ?? FirstHash(writer.Length);
        var before = writer.Length;
        try
        {
            while (true)
            {
                var read = begun ?? await body.ReadAsync(cancellationToken);
                begun = null;
                try
                {
                    await WriteAndHashAsync(writer, hash, read.Buffer);
                }
                finally
                {
                    // After a fault too: whoever answers it has to read the rest of the body.
                    body.AdvanceTo(read.Buffer.End);
                }
                if (read.IsCompleted)
                    return writer.Length - before;
            }
        }
        finally
        {
            Size = writer.Length;
            Keep(hash);
        }
    }

    public async ValueTask<long> AppendLastAsync(PipeReader body, long? length, CancellationToken cancellationToken = default)
    {
        if (_isInFolder || _small is not null || length is not <= SmallAtMost || !lease.TryWaitInMemory())
            return await AppendAsync(body, cancellationToken);
        ReadResult read;
        try
        {
            read = await body.ReadAtLeastAsync(SmallAtMost + 1, cancellationToken);
        }
        finally
        {
            lease.EndWaitInMemory();
        }
        if (!read.IsCompleted || read.Buffer.Length > SmallAtMost)
            return await AppendAsync(body, read, cancellationToken);
        _small = read.Buffer.ToArray();
        body.AdvanceTo(read.Buffer.End);
        Size = _small.Length;
        return Size;
    }

    public async ValueTask<Digest?> CommitAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        var actual = _small is { } small ? digest.Algorithm.Compute(small) : await CloseAndHashAsync(digest.Algorithm, cancellationToken);
        if (actual != digest)
        {
            await CancelAsync(CancellationToken.None);
            return actual;
        }
        using (await leases.ShareAsync(name, cancellationToken))
        {
            var link = Links.Write(StoragePaths.LayerLink(name, digest), digest);
            StorageChange[] changes = _small is { } content
                ? [ContentStore.Store(content, digest), link]
                :
                [
                    ContentStore.Adopt(_data, digest),
                    link,
                    // By name, so that the folder is empty: finding out what is in it costs more.
                    StorageChange.Remove(StoragePaths.UploadStartedAt(name, Id)),
                    StorageChange.Remove(StoragePaths.Upload(name, Id)),
                ];
            await driver.ApplyAsync(changes, CancellationToken.None);
        }
        End();
        return null;
    }

    public async ValueTask CancelAsync(CancellationToken cancellationToken = default)
    {
        End();
        await RemoveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        lease.Dispose();
    }

    private static async ValueTask WriteAndHashAsync(IStorageWriter writer, RunningHash? hash, ReadOnlySequence<byte> bytes)
    {
        var write = writer.AppendAsync(bytes, CancellationToken.None);
        try
        {
            hash?.Append(bytes);
        }
        finally
        {
            await write;
        }
    }

    /// <summary>An upload continued after a restart is hashed as it comes, too, when nothing had come before.</summary>
    private static RunningHash? FirstHash(long length) => length == 0 ? new RunningHash(DigestAlgorithm.Sha256) : null;

    private async ValueTask<IStorageWriter> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_isInFolder)
        {
            await Storage.StartedAt.WriteAsync(driver, name, Id, StartedAt, cancellationToken);
            _isInFolder = true;
        }
        return _writer ??= await driver.OpenWriterAsync(_data, cancellationToken);
    }

    private void End()
    {
        lease.TakeHash(Size)?.Dispose();
        lease.End();
    }

    private async ValueTask CloseAsync()
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
        _writer = null;
    }

    private async ValueTask<Digest> CloseAndHashAsync(DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        _ = await OpenAsync(cancellationToken);
        // Windows moves no open file.
        await CloseAsync();
        using var running = lease.TakeHash(Size);
        return running?.Algorithm == algorithm ? running.Digest : await ReadAgainAsync(algorithm, cancellationToken);
    }

    private async ValueTask<Digest> ReadAgainAsync(DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        using var hash = new RunningHash(algorithm);
        await using var blob = await driver.OpenAsync(_data, cancellationToken)
            ?? throw new StorageException(StorageFault.Damaged, $"The data of upload {Id} vanished while it was in use.");
        var buffer = new byte[(int)Math.Min(ReadAgainBuffer, Math.Max(1, blob.Size))];
        while (await blob.ReadAsync(hash.Length, buffer, cancellationToken) is var count and > 0)
            hash.Append(buffer.AsSpan(0, count));
        return hash.Digest;
    }

    /// <summary>The hash waits for the next request only when it covers exactly what is on the disk.</summary>
    private void Keep(RunningHash? hash)
    {
        if (hash is null)
            return;
        if (hash.Length == Size)
            lease.KeepHash(hash);
        else
            hash.Dispose();
    }

    /// <summary>Not flushed: an upload that a power cut brings back is purged in time.</summary>
    private async ValueTask RemoveAsync()
    {
        await CloseAsync();
        if (_isInFolder)
            await driver.DeleteAsync(StoragePaths.Upload(name, Id), durable: false, CancellationToken.None);
    }
}
