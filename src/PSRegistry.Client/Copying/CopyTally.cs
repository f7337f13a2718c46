namespace PSRegistry.Client;

/// <summary>Adds up what parallel transfers do.</summary>
internal sealed class CopyTally(IProgress<CopyProgress>? progress)
{
    private long _bytesDone, _bytesTotal, _sent;
    private int _blobsDone, _blobsTotal, _mounted;

    public long Total => Interlocked.Read(ref _bytesTotal);

    public long Sent => Interlocked.Read(ref _sent);

    public int Mounted => _mounted;

    public void Expect(int blobs, long bytes)
    {
        Interlocked.Add(ref _blobsTotal, blobs);
        Interlocked.Add(ref _bytesTotal, bytes);
        Report();
    }

    /// <summary>A blob that the target has already.</summary>
    public void Present(long size, bool mounted = false)
    {
        if (mounted)
            Interlocked.Increment(ref _mounted);
        Interlocked.Add(ref _bytesDone, size);
        Interlocked.Increment(ref _blobsDone);
        Report();
    }

    /// <summary>Follows one transfer, which may fall back after a broken connection.</summary>
    public Action<long> Follow()
    {
        var last = 0L;
        return position =>
        {
            Interlocked.Add(ref _bytesDone, position - last);
            last = position;
            Report();
        };
    }

    /// <summary>A blob that was sent, with as many bytes as went.</summary>
    public void Done(long sent)
    {
        Interlocked.Add(ref _sent, sent);
        Interlocked.Increment(ref _blobsDone);
        Report();
    }

    private void Report() => progress?.Report(new CopyProgress(
        Interlocked.Read(ref _bytesDone), Interlocked.Read(ref _bytesTotal), Volatile.Read(ref _blobsDone), Volatile.Read(ref _blobsTotal)));
}
