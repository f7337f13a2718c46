using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Authentication;

public sealed class BasicTests
{
    private static readonly string Header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:wolf"));

    [Fact]
    public async Task A_login_is_sent_when_asked_for_and_then_at_once()
    {
        await using var server = await ScriptedServer.StartAsync(AskForLoginAsync);
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal([null, Header, Header], server.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_login_that_nobody_asks_for_is_not_sent()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, """{"tags":["a"]}"""));
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        await client.TagsAsync();
        Assert.Null(Assert.Single(server.Requests).Authorization);
    }

    [Fact]
    public async Task Without_a_login_the_challenge_is_told()
    {
        await using var server = await ScriptedServer.StartAsync(AskForLoginAsync);
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.TagsAsync());
        Assert.Equal($"{server.Address.Authority} asks for a login (Basic, realm \"Registry, \"of\" tests\").", fault.Message);
        Assert.Equal(new AuthenticationChallenge("Basic", "Registry, \"of\" tests", null, null), fault.Challenge);
        Assert.Equal((401, "UNAUTHORIZED"), (fault.Status, Assert.Single(fault.Errors).Code.Name));
    }

    [Fact]
    public async Task A_refused_login_is_sent_once_and_not_shown()
    {
        await using var server = await ScriptedServer.StartAsync(AskForLoginAsync);
        using var client = Clients.Of(server.Address, Clients.LoggedIn("sheep"));
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.TagsAsync());
        Assert.Contains("refuses the login of 'ann'", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sheep", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_login_stays_with_redirects_to_the_same_host()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal))
                context.Response.Redirect("/moved" + context.Request.QueryString);
            return context.Response.StatusCode == StatusCodes.Status200OK ? AskForLoginAsync(context) : Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.Equal(["a"], await client.TagsAsync());
    }

    [Fact]
    public async Task A_login_does_not_follow_to_another_host()
    {
        await using var other = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, """{"tags":["a"]}"""));
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization != Header)
                return AskForLoginAsync(context);
            context.Response.Redirect(new Uri(other.Address, "elsewhere").AbsoluteUri);
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(new ScriptedRequest("/elsewhere", null), Assert.Single(other.Requests));
    }

    [Fact]
    public async Task A_redirect_target_that_asks_for_a_login_gets_none()
    {
        await using var other = await ScriptedServer.StartAsync(AskForLoginAsync);
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Redirect(new Uri(other.Address, "v2/?signature=secret").AbsoluteUri);
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.TagsAsync());
        Assert.Contains(other.Address.Authority, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString() + fault.RequestUri, StringComparison.Ordinal);
        Assert.Null(Assert.Single(other.Requests).Authorization);
    }

    [Fact]
    public async Task Redirects_end()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Redirect(context.Request.Path + "x");
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(RegistryFailure.NotARegistry, () => client.TagsAsync());
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_from_https_to_http_is_not_followed()
    {
        await using var plain = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, """{"tags":["a"]}"""));
        using var certificate = TestCertificate.SelfSigned();
        await using var server = await ScriptedServer.StartAsync(
            context =>
            {
                context.Response.Redirect(plain.Address.AbsoluteUri);
                return Task.CompletedTask;
            },
            certificate);
        using var client = Clients.Of(server.Address, new() { SkipCertificateCheck = true });
        await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.TagsAsync());
        Assert.Empty(plain.Requests);
    }

    [Theory]
    [InlineData("Negotiate", "Negotiate")]
    [InlineData(null, "without saying how")]
    public async Task A_challenge_that_cannot_be_answered_is_told(string? header, string reason)
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.WWWAuthenticate = header;
            return ScriptedServer.RefuseAsync(context, 401, "UNAUTHORIZED");
        });
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.TagsAsync());
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_original_lets_in_who_has_the_password()
    {
        var htpasswd = Peer.Require("htpasswd");
        await using var folder = new TemporaryFolder();
        var users = await ProgramRun.OfAsync(new ProgramCommand(htpasswd, ["-Bbn", "ann", "wolf"]), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["users"], users.MustExitWith(0).OutputBytes, TestContext.Current.CancellationToken);
        var settings = new RegistrySettings
        {
            DataFolder = folder["data"],
            ExtraYaml = $"auth:\n  htpasswd:\n    realm: The original\n    path: '{folder["users"]}'\n",
        };
        await using var original = await OriginalRegistry.StartAsync(settings, TestContext.Current.CancellationToken);
        using var client = Clients.Of(original.Http.Address, Clients.LoggedIn());
        await client.PingAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await client.RepositoriesAsync());

        using var stranger = Clients.Of(original.Http.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => stranger.PingAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Equal("The original", fault.Challenge?.Realm);

        using var liar = Clients.Of(original.Http.Address, Clients.LoggedIn("sheep"));
        await Clients.FailsAsync(RegistryFailure.Unauthorized, () => liar.RepositoriesAsync());
    }

    private static Task AskForLoginAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization == Header)
            return ScriptedServer.AnswerAsync(context, """{"tags":["a"]}""");
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Registry, \\\"of\\\" tests\"";
        return ScriptedServer.RefuseAsync(context, (int)HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }
}
