namespace PSRegistry.Storage.Tests;

public sealed class SharedLockTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_alone_shares_with_nobody_under_any_load()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var shared = new SharedLock();
        int inside = 0, alone = 0, broken = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(
            async () =>
            {
                for (var i = 0; i < 2000; i++)
                {
                    var own = (i + worker) % 5 == 0;
                    await shared.EnterAsync(own, cancellation);
                    var others = Interlocked.Increment(ref inside) - 1;
                    if (own && (others > 0 || Interlocked.Increment(ref alone) > 1))
                        Interlocked.Increment(ref broken);
                    if (!own && Volatile.Read(ref alone) > 0)
                        Interlocked.Increment(ref broken);
                    if (i % 16 == 0)
                        await Task.Yield();
                    if (own)
                        Interlocked.Decrement(ref alone);
                    Interlocked.Decrement(ref inside);
                    shared.Leave(own);
                }
            },
            cancellation)));
        Assert.Equal(0, broken);
    }

    [Fact]
    public async Task Who_waits_to_be_alone_is_not_overtaken_by_who_would_share()
    {
        var shared = new SharedLock();
        await shared.EnterAsync(alone: false, Token);
        var owner = shared.EnterAsync(alone: true, Token);
        var late = shared.EnterAsync(alone: false, Token);
        Assert.False(owner.IsCompleted || late.IsCompleted);
        shared.Leave(alone: false);
        await owner;
        Assert.False(late.IsCompleted);
        shared.Leave(alone: true);
        await late;
    }

    [Fact]
    public async Task Who_gives_up_waiting_lets_those_behind_go_on()
    {
        var shared = new SharedLock();
        await shared.EnterAsync(alone: false, Token);
        using var impatient = new CancellationTokenSource();
        var owner = shared.EnterAsync(alone: true, impatient.Token);
        var behind = shared.EnterAsync(alone: false, Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => owner);
        await behind;
    }
}
