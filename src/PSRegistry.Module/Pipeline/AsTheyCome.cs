using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace PSRegistry.Pipeline;

/// <summary>Reads several lists at a time and hands their items out as they come, those of each list in its order.</summary>
internal static class AsTheyCome
{
    /// <summary>The items of all. It ends with the last of them, or with the first failure.</summary>
    /// <param name="lists">The lists. Each is read to its end, or until this ends.</param>
    /// <param name="cancellationToken">Ends it all.</param>
    public static async IAsyncEnumerable<T> MergeAsync<T>(IReadOnlyCollection<IAsyncEnumerable<T>> lists, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // One item waits at most: what waits longer does so in its list, which knows what to do about it.
        var items = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { SingleReader = true });
        var reading = ReadAllAsync();
        try
        {
            await foreach (var item in items.Reader.ReadAllAsync(CancellationToken.None))
                yield return item;
            await reading;
        }
        finally
        {
            await stopping.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task ReadAllAsync()
        {
            try
            {
                await Task.WhenAll(lists.Select(list => ReadAsync(list, items.Writer, stopping)));
            }
            finally
            {
                items.Writer.Complete();
            }
        }
    }

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> list, ChannelWriter<T> items, CancellationTokenSource stopping)
    {
        try
        {
            await foreach (var item in list.WithCancellation(stopping.Token))
                await items.WriteAsync(item, stopping.Token);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Nobody waits for the others when one fails.
            await stopping.CancelAsync();
            throw;
        }
    }
}
