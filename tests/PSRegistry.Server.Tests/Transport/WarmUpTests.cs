namespace PSRegistry.Server.Tests.Transport;

public sealed class WarmUpTests
{
    [Fact]
    public async Task It_ends_by_itself_however_often_it_is_done()
    {
        for (var i = 0; i < 20; i++)
            await WarmUp.RunAsync(TimeSpan.Zero).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }
}
