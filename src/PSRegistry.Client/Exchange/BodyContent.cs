using System.IO.Pipelines;
using System.Net;

namespace PSRegistry.Client;

/// <summary>A body read from a pipe, once, as it goes out.</summary>
internal sealed class BodyContent(PipeReader body) : HttpContent
{
    /// <summary>Called whenever bytes have gone: a long body is no silence.</summary>
    public Action OnProgress { get; set; } = () => { };

    /// <summary>How many bytes have gone.</summary>
    public long Sent { get; private set; }

    /// <summary>Why the source of the body failed; null when it did not.</summary>
    public Exception? SourceFault { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await ReadAsync(cancellationToken);
            foreach (var piece in read.Buffer)
            {
                await stream.WriteAsync(piece, cancellationToken);
                Sent += piece.Length;
                OnProgress();
            }
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            SourceFault = fault;
            throw;
        }
    }
}
