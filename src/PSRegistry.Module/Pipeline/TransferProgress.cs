using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Output;

namespace PSRegistry.Pipeline;

/// <summary>
/// Shows a transfer that reports from any thread as a progress bar of a cmdlet: bytes, rate and time left, some times a second. One that is
/// done before the first of these shows nothing.
/// </summary>
/// <param name="cmdlet">Whose bar it is.</param>
/// <param name="activity">What is going on, such as <c>Publishing nginx:1.25</c>.</param>
internal sealed class TransferProgress(Cmdlet cmdlet, string activity) : IProgress<CopyProgress>
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly TransferRate _rate = new();
    private CopyProgress? _latest;
    private bool _isShown;

    /// <inheritdoc/>
    public void Report(CopyProgress value) => Volatile.Write(ref _latest, value);

    /// <summary>
    /// Runs a transfer that reports to this object, and waits for it on the pipeline thread; the bar is gone afterwards, whatever came of it.
    /// </summary>
    /// <param name="transfer">The transfer, given the token that ends it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public T Wait<T>(Func<CancellationToken, Task<T>> transfer, CancellationToken cancellationToken)
    {
        try
        {
            return PipelineThread.Wait(transfer, Every, Show, cancellationToken);
        }
        finally
        {
            Complete();
        }
    }

    private void Show()
    {
        _isShown = true;
        if (Volatile.Read(ref _latest) is not { BytesTotal: > 0 } now)
        {
            cmdlet.WriteProgress(Record("Looking at what is there"));
            return;
        }
        // A transfer that falls back after a broken connection may be seen behind its beginning, and one that grew beyond its end.
        var done = Math.Clamp(now.BytesDone, 0, now.BytesTotal);
        _rate.Add(done);
        var record = Record($"{ByteText.Of(done)} of {ByteText.Of(now.BytesTotal)}, {ByteText.Of(_rate.BytesPerSecond)}/s");
        record.PercentComplete = (int)(100.0 * done / now.BytesTotal);
        record.SecondsRemaining = _rate.BytesPerSecond > 0 ? (int)Math.Min((now.BytesTotal - done) / _rate.BytesPerSecond + 1, int.MaxValue) : -1;
        cmdlet.WriteProgress(record);
    }

    private void Complete()
    {
        if (!_isShown)
            return;
        _isShown = false;
        var record = Record("Done");
        record.RecordType = ProgressRecordType.Completed;
        try
        {
            cmdlet.WriteProgress(record);
        }
        catch (PipelineStoppedException)
        {
            // Whoever stops the pipeline clears its bars; what led here goes on.
        }
    }

    private ProgressRecord Record(string status) => new(0, activity, status);
}
