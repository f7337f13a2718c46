using System.Net;

namespace PSRegistry.Client.Tests.Exchange;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("http://localhost:5000/", null)]
    [InlineData("https://127.0.0.1/", null)]
    [InlineData("http://[::1]:5000/", null)]
    [InlineData("https://ghcr.io/", "http://proxy.example:3128/")]
    public void This_machine_is_reached_past_the_proxy(string destination, string? through)
    {
        var proxy = new ProxyUnlessLoopback(new WebProxy("http://proxy.example:3128/"));
        Assert.Equal(through, proxy.GetProxy(new Uri(destination))?.AbsoluteUri);
        Assert.Equal(through is null, proxy.IsBypassed(new Uri(destination)));
    }
}
