using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Survey;

public sealed class GreetingTests
{
    private const string Json = "application/json", Version = "registry/2.0";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, Json, "{}", null, null, null)]
    [InlineData(200, null, "", null, null, null)]
    [InlineData(200, "text/html", "<p>hi</p>", null, Version, null)]
    [InlineData(200, Json, """{"status":"ok"}""", null, null, RegistryFailure.NotARegistry)]
    [InlineData(200, "text/html", "<p>hi</p>", null, null, RegistryFailure.NotARegistry)]
    [InlineData(404, "text/html", "<p>no</p>", null, null, RegistryFailure.NotARegistry)]
    [InlineData(401, null, "", "Basic realm=\"r\"", Version, null)]
    [InlineData(401, null, "", "Basic realm=\"r\"", null, RegistryFailure.Unauthorized)]
    [InlineData(401, Json, """{"errors":[{"code":"UNAUTHORIZED"}]}""", "Basic realm=\"r\"", null, null)]
    [InlineData(401, Json, """{"errors":[{"code":"17"}]}""", "Basic realm=\"r\"", null, RegistryFailure.Unauthorized)]
    [InlineData(401, null, "", "Bearer realm=\"https://auth.example/token\",service=\"s\"", null, null)]
    [InlineData(401, null, "", "Bearer realm=\"api\"", null, RegistryFailure.Unauthorized)]
    [InlineData(503, null, "", null, Version, null)]
    [InlineData(503, "text/html", "<p>down</p>", null, null, RegistryFailure.ServerFault)]
    public async Task A_registry_is_what_says_so(int status, string? type, string body, string? challenge, string? version, RegistryFailure? failure)
    {
        await using var server = await ScriptedServer.StartAsync(context => AnswerAsync(context, status, type, body, challenge, version));
        using var client = Clients.Of(server.Address);
        var greeting = await client.GreetAsync(Token);
        Assert.Equal(failure, greeting.Fault?.Failure);
        Assert.Equal(failure is null, greeting.IsRegistry);
        Assert.Equal(version, greeting.ApiVersion);
        Assert.Equal(challenge?.Split(' ')[0], greeting.Challenge?.Scheme);
        Assert.NotEmpty(greeting.Reason);
    }

    [Fact]
    public async Task A_login_is_not_needed_and_not_sent_to_a_registry_that_names_itself()
    {
        await using var server = await ScriptedServer.StartAsync(context => AnswerAsync(context, 401, null, "", "Basic realm=\"r\"", Version));
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.True((await client.GreetAsync(Token)).IsRegistry);
        Assert.All(server.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task A_login_tells_where_a_proxy_in_front_asks_for_a_password_without_a_word()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Headers.Authorization.Count == 0
            ? AnswerAsync(context, 401, "text/html", "<p>no</p>", "Basic realm=\"r\"", null)
            : AnswerAsync(context, 200, Json, "{}", null, null));
        using var anonymous = Clients.Of(server.Address);
        Assert.False((await anonymous.GreetAsync(Token)).IsRegistry);
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.True((await client.GreetAsync(Token)).IsRegistry);
    }

    [Fact]
    public async Task Nobody_there_is_a_failure()
    {
        using var client = Clients.Of(new Uri($"http://127.0.0.1:{FreePort.Next()}/"));
        await Clients.FailsAsync(RegistryFailure.Unreachable, async () => await client.GreetAsync(Token));
    }

    private static Task AnswerAsync(HttpContext context, int status, string? type, string body, string? challenge, string? version)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        if (challenge is not null)
            response.Headers.WWWAuthenticate = challenge;
        if (version is not null)
            response.Headers["Docker-Distribution-Api-Version"] = version;
        return response.WriteAsync(body, context.RequestAborted);
    }
}
