using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Lists;

public sealed class PagingTests
{
    [Theory]
    [InlineData("/v2/library/app/tags/list?n=2&last=b")]
    [InlineData("list?n=2&last=b")]
    [InlineData("{origin}/v2/library/app/tags/list?n=2&last=b")]
    public async Task Links_are_followed_relative_and_absolute(string link)
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Query["last"] == "b"
            ? ScriptedServer.AnswerAsync(context, """{"name":"library/app","tags":["c"]}""")
            : ScriptedServer.AnswerAsync(
                context, """{"name":"library/app","tags":["a","b"]}""", link.Replace("{origin}", $"http://{context.Request.Host}", StringComparison.Ordinal)));
        using var client = Clients.Of(server.Address, new() { PageSize = 2 });
        Assert.Equal(["a", "b", "c"], await client.TagsAsync());
        Assert.Equal(["/v2/library/app/tags/list?n=2", "/v2/library/app/tags/list?n=2&last=b"], server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task A_page_is_handed_out_before_the_next_is_asked_for()
    {
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.AnswerAsync(context, """{"repositories":["a"]}""", "/v2/_catalog?last=a"));
        using var client = Clients.Of(server.Address);
        await foreach (var _ in client.ListRepositoriesAsync(cancellationToken: TestContext.Current.CancellationToken))
            break;
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/v2/_catalog?last=a")]
    [InlineData("https://{host}/v2/_catalog?last=a")]
    [InlineData("http://localhost:{port}/v2/_catalog?last=a")]
    [InlineData("//elsewhere.example/v2/_catalog?last=a")]
    [InlineData("http://ann:wolf@{host}/v2/_catalog?last=a")]
    [InlineData("file:///etc/passwd")]
    public async Task A_link_to_elsewhere_is_refused(string link)
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(
            context,
            """{"repositories":["a"]}""",
            link.Replace("{host}", context.Request.Host.Value, StringComparison.Ordinal).Replace("{port}", $"{context.Request.Host.Port}", StringComparison.Ordinal)));
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.RepositoriesAsync());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Pages_that_link_in_a_circle_are_refused()
    {
        // Ends even where nobody notices.
        var requests = 0;
        await using var server = await ScriptedServer.StartAsync(context => (++requests, context.Request.Query["last"]) switch
        {
            ( > 9, _) => ScriptedServer.RefuseAsync(context, 500, "UNKNOWN"),
            (_, ["a"]) => ScriptedServer.AnswerAsync(context, """{"repositories":["b"]}""", "/v2/_catalog?last=b"),
            _ => ScriptedServer.AnswerAsync(context, """{"repositories":["a"]}""", "/v2/_catalog?last=a"),
        });
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.RepositoriesAsync());
        Assert.Contains("circle", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_sent_again_under_another_link_is_refused()
    {
        var pages = 0;
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.AnswerAsync(context, """{"repositories":["a","b"]}""", $"/v2/_catalog?page={++pages}"));
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.RepositoriesAsync());
        Assert.Equal(2, pages);
    }

    [Fact]
    public async Task Empty_pages_are_passed_over_but_not_for_ever()
    {
        var pages = 0;
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(
            context, ++pages == 20 ? """{"repositories":["a"]}""" : """{"repositories":[]}""", pages == 20 ? null : $"/v2/_catalog?page={pages}"));
        using var client = Clients.Of(server.Address);
        Assert.Equal(["a"], await client.RepositoriesAsync());
        await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.RepositoriesAsync());
    }

    [Fact]
    public async Task A_page_size_that_is_refused_is_lowered_and_not_asked_again()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Query.ContainsKey("n")
            ? ScriptedServer.RefuseAsync(context, 400, "PAGINATION_NUMBER_INVALID")
            : ScriptedServer.AnswerAsync(context, """{"repositories":["a"]}"""));
        using var client = Clients.Of(server.Address);
        Assert.Equal(["a"], await client.RepositoriesAsync());
        Assert.Equal(["a"], await client.RepositoriesAsync("0"));
        Assert.Equal(
            ["/v2/_catalog?n=1000", "/v2/_catalog?n=100", "/v2/_catalog", "/v2/_catalog?last=0"], server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task A_server_that_does_not_know_last_is_seen_through()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, """{"tags":["1","3","2"]}"""));
        using var client = Clients.Of(server.Address);
        Assert.Equal(["3"], await client.TagsAsync(after: "2"));
    }

    [Theory]
    [InlineData("/registry/v2/_catalog?last=a")]
    [InlineData("/v2/_catalog?last=a")]
    public async Task A_registry_under_a_path_is_asked_there(string link)
    {
        await using var server = await ScriptedServer.StartAsync(context => (context.Request.Path.Value, context.Request.Query["last"]) switch
        {
            ("/registry/v2/_catalog", []) => ScriptedServer.AnswerAsync(context, """{"repositories":["a"]}""", link),
            ("/registry/v2/_catalog", ["a"]) => ScriptedServer.AnswerAsync(context, """{"repositories":["b"]}"""),
            _ => ScriptedServer.RefuseAsync(context, 404, "NAME_UNKNOWN"),
        });
        using var client = Clients.Of(new Uri(server.Address, "registry/"));
        Assert.Equal(["a", "b"], await client.RepositoriesAsync());
    }
}
