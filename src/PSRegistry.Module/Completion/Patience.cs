using System.Collections.Concurrent;
using PSRegistry.Pipeline;

namespace PSRegistry.Completion;

/// <summary>
/// Collects proposals while somebody holds the Tab key: what is there after half a second is taken, and nothing that goes wrong shows. What
/// cannot be broken off at once, such as the look-up of a host name, comes to its end without being waited for.
/// </summary>
internal static class Patience
{
    /// <summary>How long a prompt may stand still.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longer lists help nobody.</summary>
    private const int MostProposals = 200;

    /// <summary>The proposals that are wanted and came in time, the first ones of a long list.</summary>
    public static IReadOnlyList<Proposal> Collect(Func<CancellationToken, IAsyncEnumerable<Proposal>> propose, Predicate<Proposal> isWanted)
    {
        var found = new ConcurrentQueue<Proposal>();
        PipelineThread.Wait(() => Task.WhenAny(Task.Run(() => CollectAsync(propose, isWanted, found)), Task.Delay(Limit)));
        return [.. found];
    }

    private static async Task CollectAsync(Func<CancellationToken, IAsyncEnumerable<Proposal>> propose, Predicate<Proposal> isWanted, ConcurrentQueue<Proposal> found)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await foreach (var proposal in propose(limit.Token).WithCancellation(limit.Token))
            {
                if (isWanted(proposal))
                    found.Enqueue(proposal);
                if (found.Count == MostProposals)
                    return;
            }
        }
        catch (Exception)
        {
            // Whoever completes a word has not run the command yet: there is nobody to tell.
        }
    }
}

/// <summary>A text that an argument may be completed to.</summary>
/// <param name="Text">The whole argument.</param>
/// <param name="ToolTip">What it is.</param>
internal sealed record Proposal(string Text, string ToolTip);
