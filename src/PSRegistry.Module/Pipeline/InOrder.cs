using System.Runtime.CompilerServices;

namespace PSRegistry.Pipeline;

/// <summary>Looks closer at the items of a list, several at a time, and hands the results out in the order of the list.</summary>
internal static class InOrder
{
    /// <summary>Selects asynchronously. What follows in the list is read on, but no more than <paramref name="ahead"/> results wait.</summary>
    /// <param name="source">The list. Where it fails, the results before that come first.</param>
    /// <param name="select">The closer look; one request at a time.</param>
    /// <param name="slots">How many requests may be under way, for all lists that share it.</param>
    /// <param name="ahead">How many results may wait.</param>
    /// <param name="cancellationToken">Ends it all.</param>
    public static async IAsyncEnumerable<TResult> SelectAsync<T, TResult>(
        IAsyncEnumerable<T> source,
        Func<T, CancellationToken, Task<TResult>> select,
        SemaphoreSlim slots,
        int ahead,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = new Queue<Task<TResult>>();
        var items = source.GetAsyncEnumerator(stopping.Token);
        var next = NextAsync();
        try
        {
            while (true)
            {
                if (open.TryPeek(out var first) && (first.IsCompleted || open.Count >= ahead || next is null or { IsFaulted: true } or { IsCanceled: true }))
                    yield return await open.Dequeue();
                else if (next is null)
                    yield break;
                else if (first is not null && !next.IsCompleted)
                    await Task.WhenAny(first, next);
                else
                    next = await next ? TakeThenNext() : null;
            }
        }
        finally
        {
            await stopping.CancelAsync();
            foreach (var task in open.Append<Task>(next ?? Task.CompletedTask))
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await items.DisposeAsync();
        }

        Task<bool> NextAsync() => InSlotAsync(slots, () => items.MoveNextAsync().AsTask(), stopping.Token);

        Task<bool> TakeThenNext()
        {
            var item = items.Current;
            open.Enqueue(InSlotAsync(slots, () => select(item, stopping.Token), stopping.Token));
            return NextAsync();
        }
    }

    private static async Task<TResult> InSlotAsync<TResult>(SemaphoreSlim slots, Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            slots.Release();
        }
    }
}
