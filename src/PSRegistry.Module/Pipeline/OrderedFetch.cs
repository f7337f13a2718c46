using System.Threading.Channels;

namespace PSRegistry.Pipeline;

/// <summary>
/// Reads several lists at a time and hands their items out in the order in which the lists were added, each item as soon as those
/// before it are out. A list that nobody takes from waits after a few hundred items. Used by one thread.
/// </summary>
/// <typeparam name="T">The items.</typeparam>
internal sealed class OrderedFetch<T>(CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int WaitingItems = 512;

    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Queue<List> _open = [];

    /// <summary>Begins to read a list.</summary>
    /// <param name="target">What is read, for whoever reports its failure.</param>
    /// <param name="items">The list.</param>
    public void Add(object target, IAsyncEnumerable<T> items)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(WaitingItems) { SingleReader = true, SingleWriter = true });
        _open.Enqueue(new List(target, channel.Reader, ReadAsync(items, channel.Writer)));
    }

    /// <summary>What is there without waiting, in order.</summary>
    public IEnumerable<Fetched<T>> TakeReady()
    {
        while (_open.TryPeek(out var list))
        {
            while (list.Items.TryRead(out var item))
                yield return new Fetched<T>(list.Target, item, null);
            if (!list.Items.Completion.IsCompleted)
                yield break;
            _open.Dequeue();
            if (list.Items.Completion.Exception?.InnerException is { } fault)
                yield return new Fetched<T>(list.Target, default, fault);
        }
    }

    /// <summary>What is there and what comes, in order, until at most so many lists are still open.</summary>
    public async IAsyncEnumerable<Fetched<T>> TakeUntilOpenAsync(int atMost)
    {
        while (true)
        {
            foreach (var fetched in TakeReady())
                yield return fetched;
            if (_open.Count <= atMost)
                yield break;
            // The end of a list ends the waiting too; a failure is told by TakeReady.
            await Task.WhenAny(_open.Peek().Items.WaitToReadAsync(_stopping.Token).AsTask());
            _stopping.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Ends what is still being read, and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_open.Select(list => list.Reading));
        _open.Clear();
        _stopping.Dispose();
    }

    private async Task ReadAsync(IAsyncEnumerable<T> items, ChannelWriter<T> writer)
    {
        try
        {
            await foreach (var item in items.WithCancellation(_stopping.Token))
                await writer.WriteAsync(item, _stopping.Token);
            writer.Complete();
        }
        catch (Exception fault)
        {
            writer.Complete(fault);
        }
    }

    private sealed record List(object Target, ChannelReader<T> Items, Task Reading);
}

/// <summary>An item of a list, or the failure that ended it.</summary>
/// <typeparam name="T">The items.</typeparam>
/// <param name="Target">What was read.</param>
/// <param name="Item">The item; without meaning when there is a failure.</param>
/// <param name="Failure">Why the list ended before its end.</param>
internal readonly record struct Fetched<T>(object Target, T? Item, Exception? Failure);
