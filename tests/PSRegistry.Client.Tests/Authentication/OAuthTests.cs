using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Authentication;

/// <summary>Tokens by the POST of OAuth 2, and tokens that a user has already.</summary>
public sealed class OAuthTests
{
    private readonly ConcurrentQueue<string> _asked = new();

    [Fact]
    public async Task An_identity_token_is_exchanged_by_POST()
    {
        await using var tokens = await TokensAsync(posts: true, gets: true);
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address, Clients.Impatient(new ImpatientClock()) with { IdentityToken = "identity" });
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(["refresh_token identity repository:library/app:pull"], _asked);
    }

    [Fact]
    public async Task An_identity_token_goes_by_GET_where_POST_is_not_known()
    {
        await using var tokens = await TokensAsync(posts: false, gets: true);
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address, Clients.Impatient(new ImpatientClock()) with { IdentityToken = "identity" });
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(["GET Basic"], _asked);
    }

    [Fact]
    public async Task A_password_goes_by_POST_where_GET_is_not_known_and_then_its_refresh_token()
    {
        await using var tokens = await TokensAsync(posts: true, gets: false);
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(2, (await client.RepositoriesAsync()).Count);
        Assert.Equal(["password ann:wolf repository:library/app:pull", "refresh_token given registry:catalog:*"], _asked);
    }

    [Fact]
    public async Task A_refused_identity_token_is_told_and_not_shown()
    {
        await using var tokens = await TokensAsync(posts: true, gets: true);
        await using var server = await ServeAsync(tokens);
        using var client = Clients.Of(server.Address, Clients.Impatient(new ImpatientClock()) with { IdentityToken = "stale-secret" });
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.TagsAsync());
        Assert.Contains("refuses the identity token", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("stale-secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_for_the_registry_itself_is_sent_when_it_asks_for_one()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Headers.Authorization == "Bearer mine"
            ? ScriptedServer.AnswerAsync(context, """{"tags":["a"]}""")
            : Refuse(context, "https://tokens.example/"));
        using var client = Clients.Of(server.Address, Clients.Impatient(new ImpatientClock()) with { Token = "mine" });
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal([null, "Bearer mine", "Bearer mine"], server.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_token_that_the_registry_refuses_is_told_and_not_shown()
    {
        await using var server = await ScriptedServer.StartAsync(context => Refuse(context, "https://tokens.example/"));
        using var client = Clients.Of(server.Address, Clients.Impatient(new ImpatientClock()) with { Token = "stale-secret" });
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.TagsAsync());
        Assert.Contains("does not take the token", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("stale-secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_show_no_secret()
    {
        var options = Clients.LoggedIn() with { Token = "secret1", IdentityToken = "secret2", Proxy = new Uri("http://ann:secret3@proxy:3128/") };
        var text = options.ToString();
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("wolf", text, StringComparison.Ordinal);
        Assert.Contains("proxy:3128", text, StringComparison.Ordinal);
    }

    private static Task<ScriptedServer> ServeAsync(ScriptedServer tokens) => ScriptedServer.StartAsync(context =>
        !context.Request.Headers.Authorization.ToString().StartsWith("Bearer access", StringComparison.Ordinal)
            ? Refuse(context, tokens.Address.AbsoluteUri)
            : ScriptedServer.AnswerAsync(context, context.Request.Path.Value!.Contains("catalog", StringComparison.Ordinal)
                ? """{"repositories":["a","b"]}""" : """{"tags":["a"]}"""));

    private static Task Refuse(HttpContext context, string realm)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm}\",service=\"s\"";
        return Task.CompletedTask;
    }

    private Task<ScriptedServer> TokensAsync(bool posts, bool gets) => ScriptedServer.StartAsync(async context =>
    {
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (isPost ? !posts : !gets)
        {
            context.Response.StatusCode = isPost ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
            return;
        }
        if (!isPost)
        {
            _asked.Enqueue($"GET {context.Request.Headers.Authorization.ToString().Split(' ')[0]}");
            await ScriptedServer.AnswerAsync(context, """{"token":"access-get"}""");
            return;
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var secret = form["grant_type"] == "password" ? $"{form["username"]}:{form["password"]}" : form["refresh_token"].ToString();
        if (secret is not ("identity" or "ann:wolf" or "given"))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await ScriptedServer.AnswerAsync(context, """{"error":"invalid_grant"}""");
            return;
        }
        _asked.Enqueue($"{form["grant_type"]} {secret} {form["scope"]}");
        await ScriptedServer.AnswerAsync(context, """{"access_token":"access-post","refresh_token":"given"}""");
    });
}
