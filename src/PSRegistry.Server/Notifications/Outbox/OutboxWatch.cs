using System.Runtime.CompilerServices;

namespace PSRegistry.Server.Notifications;

/// <summary>Reads events that are kept by the server of this process.</summary>
internal static class OutboxWatch
{
    /// <summary>The events since a moment, and those that come, until the server stops.</summary>
    public static async IAsyncEnumerable<EventRecord> OfAsync(
        IOutbox outbox, DateTimeOffset since, bool follow, CancellationToken ended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ended, cancellationToken);
        var cursor = new OutboxCursor(outbox.Find(since));
        while (true)
        {
            var lines = outbox.Read(cursor);
            foreach (var line in lines)
            {
                // Nothing is waited for until all that is kept was read, which may be much.
                cancellationToken.ThrowIfCancellationRequested();
                if (EventJson.TryRead(line, out var record) && record.Time >= since)
                    yield return record;
            }
            if (lines.Count > 0)
                continue;
            if (!follow)
                yield break;
            try
            {
                await outbox.WaitAsync(cursor.Next, waiting.Token);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                follow = false;
            }
        }
    }
}
