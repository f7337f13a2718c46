using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Authentication;

public sealed class BearerTests
{
    private const string Scope = "repository:library/app:pull";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_anonymous_token_opens_what_is_public()
    {
        await using var tokens = await new TokenServer().StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address);
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(new ScriptedRequest($"/token?service=registry.test&scope={Uri.EscapeDataString(Scope)}", null), Assert.Single(tokens.Requests));
    }

    [Fact]
    public async Task A_login_gets_a_token_for_what_is_not_public()
    {
        await using var tokens = await new TokenServer { IsPublic = _ => false }.StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.StartsWith("Basic ", Assert.Single(tokens.Requests).Authorization, StringComparison.Ordinal);
        Assert.EndsWith("&account=ann", tokens.Requests[0].Target, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Authorization?.StartsWith("Basic", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Anonymous_users_are_told_when_a_login_is_needed()
    {
        await using var tokens = await new TokenServer { IsPublic = _ => false }.StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.TagsAsync());
        Assert.Equal(("Bearer", tokens.Realm.AbsoluteUri, "registry.test", Scope), Parts(fault.Challenge!));
        Assert.Contains("asks for a login", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_the_token_service_refuses_is_told_and_not_shown()
    {
        await using var tokens = await new TokenServer().StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address, Clients.LoggedIn("sheep"));
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.TagsAsync());
        Assert.Contains("refuses the login of 'ann'", fault.Message, StringComparison.Ordinal);
        Assert.Equal((tokens.Realm, 401), (fault.RequestUri, fault.Status));
        Assert.Equal(("Bearer", tokens.Realm.AbsoluteUri, "registry.test", Scope), Parts(fault.Challenge!));
        Assert.DoesNotContain("sheep", fault.ToString(), StringComparison.Ordinal);
        Assert.Single(tokens.Requests);
    }

    [Fact]
    public async Task Later_requests_carry_a_token_at_once()
    {
        await using var tokens = await new TokenServer().StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address);
        await client.TagsAsync();
        await client.TagsAsync();
        await foreach (var _ in client.ListTagsAsync(RepositoryName.Parse("other"), cancellationToken: Token))
        {
        }
        Assert.Equal(2, tokens.Requests.Count);
        Assert.Equal([null, "Bearer token-1", "Bearer token-1", "Bearer token-2"], server.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task Many_requests_share_one_token()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var tokens = await new TokenServer { Gate = gate.Task }.StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address);
        var listings = Enumerable.Range(0, 16).Select(_ => client.TagsAsync()).ToList();
        while (tokens.Requests.Count == 0)
            await Task.Delay(5, Token);
        gate.SetResult();
        Assert.All(await Task.WhenAll(listings), tags => Assert.Equal(["a"], tags));
        Assert.Single(tokens.Requests);
    }

    [Fact]
    public async Task Who_waits_for_a_token_can_leave_without_taking_it_from_the_others()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var tokens = await new TokenServer { Gate = gate.Task }.StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address);
        using var cancel = new CancellationTokenSource();
        var leaving = client.ListTagsAsync(Clients.Repository, cancellationToken: cancel.Token).GetAsyncEnumerator(cancel.Token);
        var first = leaving.MoveNextAsync().AsTask();
        while (tokens.Requests.Count == 0)
            await Task.Delay(5, Token);
        var staying = client.TagsAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await leaving.DisposeAsync();
        gate.SetResult();
        Assert.Equal(["a"], await staying);
        Assert.Single(tokens.Requests);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_is_over()
    {
        var clock = new ImpatientClock();
        await using var tokens = await new TokenServer { Lifetime = TimeSpan.FromSeconds(120) }.StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address, Clients.Impatient(clock));
        await client.TagsAsync();
        clock.Pass(TimeSpan.FromSeconds(100));
        await client.TagsAsync();
        Assert.Single(tokens.Requests);
        clock.Pass(TimeSpan.FromSeconds(15));
        await client.TagsAsync();
        Assert.Equal(2, tokens.Requests.Count);
    }

    [Fact]
    public async Task A_token_that_the_registry_no_longer_takes_is_replaced()
    {
        await using var tokens = await new TokenServer().StartAsync();
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address);
        await client.TagsAsync();
        tokens.RevokeAll();
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(2, tokens.Requests.Count);
    }

    [Fact]
    public async Task The_actions_that_a_registry_asks_for_are_learned()
    {
        await using var tokens = await new TokenServer().StartAsync();
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            var name = context.Request.Path.Value!["/v2/".Length..^"/tags/list".Length];
            return tokens.Admits(context, $"repository:{name}:metadata_read") ? ScriptedServer.AnswerAsync(context, """{"tags":[]}""") : Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await foreach (var _ in client.ListTagsAsync(RepositoryName.Parse(name), cancellationToken: Token))
            {
            }
        }
        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(3, tokens.Requests.Count);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"token":""}""")]
    [InlineData("""{"token":"a\r\nX-Injected: 1"}""")]
    [InlineData("""{"token":"\ud800"}""")]
    public async Task An_answer_without_a_usable_token_is_a_fault(string body)
    {
        await using var tokens = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, body));
        await using var server = await ChallengeAsync(tokens.Address.AbsoluteUri);
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.TagsAsync());
    }

    [Fact]
    public async Task A_token_answer_is_read_up_to_a_limit()
    {
        await using var tokens = await ScriptedServer.StartAsync(
            context => ScriptedServer.AnswerAsync(context, $$"""{"token":"{{new string('a', 70_000)}}"}"""));
        await using var server = await ChallengeAsync(tokens.Address.AbsoluteUri);
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.TagsAsync());
    }

    private static (string, string?, string?, string?) Parts(AuthenticationChallenge challenge) =>
        (challenge.Scheme, challenge.Realm, challenge.Service, challenge.Scope);

    private static Task<ScriptedServer> ServeAsync(TokenServer tokens) => ScriptedServer.StartAsync(context =>
    {
        var name = context.Request.Path.Value!["/v2/".Length..^"/tags/list".Length];
        return tokens.Admits(context, $"repository:{name}:pull") ? ScriptedServer.AnswerAsync(context, """{"tags":["a"]}""") : Task.CompletedTask;
    });

    private static Task<ScriptedServer> ChallengeAsync(string realm) => ScriptedServer.StartAsync(context =>
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm}\",service=\"s\"";
        return Task.CompletedTask;
    });
}
