using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Tests.Telemetry;

public sealed class TrafficTests
{
    [Fact]
    public void What_many_threads_add_is_all_there()
    {
        var traffic = new TrafficCounter();
        Parallel.For(0, 10_000, i =>
        {
            traffic.AddRequest();
            traffic.AddReceived(3);
            traffic.AddSent(i);
            if (i % 10 == 0)
                traffic.AddError();
        });
        Assert.Equal(new PSRegistry.Hosting.ServerTraffic(10_000, 30_000, 49_995_000, 1000), traffic.Total);
    }
}
