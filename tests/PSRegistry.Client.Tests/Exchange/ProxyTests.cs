using System.Net;
using Microsoft.AspNetCore.Http.Features;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Exchange;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("http://localhost:5000/", true)]
    [InlineData("http://127.0.0.9/", true)]
    [InlineData("https://[::1]:5000/", true)]
    [InlineData("https://registry.example/", false)]
    public void This_machine_is_reached_without_a_proxy(string uri, bool direct)
    {
        var proxy = new ProxyRules(new WebProxy("http://proxy.example:3128"), []);
        Assert.Equal(direct, proxy.IsBypassed(new Uri(uri)));
        Assert.Equal(direct, proxy.GetProxy(new Uri(uri)) is null);
    }

    [Theory]
    [InlineData("registry.example", "https://registry.example/", true)]
    [InlineData("example", "https://registry.example/", true)]
    [InlineData(".example", "https://registry.example/", true)]
    [InlineData("*.example", "https://registry.example/", true)]
    [InlineData("ample", "https://registry.example/", false)]
    [InlineData("registry.example:5000", "https://registry.example/", false)]
    [InlineData("registry.example:5000", "https://registry.example:5000/", true)]
    [InlineData("10.0.0.0/8", "http://10.1.2.3/", true)]
    [InlineData("10.0.0.0/8", "http://11.1.2.3/", false)]
    [InlineData("10.1.2.3", "http://10.1.2.3/", true)]
    [InlineData("*", "http://10.1.2.3/", true)]
    [InlineData("", "http://10.1.2.3/", false)]
    public void What_is_excepted_is_reached_without_a_proxy(string exception, string uri, bool direct) =>
        Assert.Equal(direct, new ProxyRules(new WebProxy("http://proxy.example:3128"), [exception]).IsBypassed(new Uri(uri)));

    [Fact]
    public async Task The_proxy_that_is_given_is_taken_with_its_login()
    {
        var target = "";
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (context.Request.Headers.ProxyAuthorization.Count == 0)
            {
                context.Response.StatusCode = 407;
                context.Response.Headers.ProxyAuthenticate = "Basic realm=\"proxy\"";
                return Task.CompletedTask;
            }
            target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            return ScriptedServer.AnswerAsync(context, """{"tags":["a"]}""");
        });
        using var client = Clients.Of(
            new Uri("http://registry.example/"), Clients.Impatient(new ImpatientClock()) with { Proxy = new UriBuilder(server.Address) { UserName = "ann", Password = "wolf" }.Uri });
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.StartsWith("http://registry.example/v2/library/app/tags/list", target, StringComparison.Ordinal);
    }
}
