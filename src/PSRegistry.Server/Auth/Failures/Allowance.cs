namespace PSRegistry.Server.Auth;

/// <summary>
/// How much each of many may do: a number at once, and then one in a while (the generic cell rate algorithm). Each finds its place by a
/// hash. Two in one place share an allowance; with places enough that is rare, and costs them a wait at most.
/// </summary>
/// <param name="places">How many there are.</param>
/// <param name="burst">How many at once.</param>
/// <param name="interval">After how long the next.</param>
internal sealed class Allowance(int places, int burst, TimeSpan interval)
{
    // When all that was spent is earned again, in ticks.
    private readonly long[] _earnedAt = new long[places];

    /// <summary>For how many ticks nothing may be spent; zero when something may.</summary>
    public long WaitFor(int hash, long now) => Math.Max(0, Volatile.Read(ref Place(hash)) - now - ((burst - 1) * interval.Ticks));

    /// <summary>Spends one, also when nothing is left: nobody gets into debt.</summary>
    public void Spend(int hash, long now)
    {
        ref var place = ref Place(hash);
        while (true)
        {
            var before = Volatile.Read(ref place);
            var after = Math.Min(Math.Max(before, now) + interval.Ticks, now + (burst * interval.Ticks));
            if (Interlocked.CompareExchange(ref place, after, before) == before)
                return;
        }
    }

    private ref long Place(int hash) => ref _earnedAt[(uint)hash % (uint)_earnedAt.Length];
}
