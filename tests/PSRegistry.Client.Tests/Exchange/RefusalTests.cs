using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Exchange;

/// <summary>Answers of registries that lack something, and of what is no registry.</summary>
public sealed class RefusalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registry_without_a_catalog_is_still_a_registry()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Path == "/v2/"
            ? ScriptedServer.AnswerAsync(context, "{}")
            : PageNotFoundAsync(context));
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.NotFound, () => client.RepositoriesAsync());
        Assert.Equal($"{server.Address.Authority} is a registry, but does not offer the catalog.", fault.Message);
        fault = await Clients.FailsAsync(RegistryFailure.NotFound, () => client.TagsAsync());
        Assert.Equal($"{server.Address.Authority} has no repository library/app.", fault.Message);
    }

    [Fact]
    public async Task A_server_that_has_nothing_of_a_registry_is_none()
    {
        await using var server = await ScriptedServer.StartAsync(PageNotFoundAsync);
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.NotARegistry, () => client.RepositoriesAsync());
        Assert.Contains("404, text/plain", fault.Message, StringComparison.Ordinal);
        await Clients.FailsAsync(RegistryFailure.NotARegistry, () => client.PingAsync(Token).AsTask());
    }

    [Theory]
    [InlineData("application/json", null, "{}")]
    [InlineData(null, null, "")]
    [InlineData("text/plain", null, "true")]
    [InlineData("text/html", "registry/2.0", "<p>")]
    public async Task A_base_that_answers_is_a_registry(string? mediaType, string? version, string body)
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.ContentType = mediaType;
            context.Response.Headers["Docker-Distribution-Api-Version"] = version;
            return context.Response.WriteAsync(body, context.RequestAborted);
        });
        using var client = Clients.Of(server.Address);
        await client.PingAsync(Token);
    }

    [Fact]
    public async Task Who_may_not_read_is_told_who_that_is()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.RefuseAsync(context, 403, "DENIED", "not yours"));
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        var fault = await Clients.FailsAsync(RegistryFailure.Denied, () => client.TagsAsync());
        Assert.Equal($"{server.Address.Authority} does not allow 'ann' to read the tags of library/app: DENIED: not yours.", fault.Message);
    }

    [Fact]
    public async Task An_error_that_is_too_long_is_a_refusal_all_the_same()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.RefuseAsync(context, 500, "UNKNOWN", new string('x', 70_000)));
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.ServerFault, () => client.TagsAsync());
        Assert.Empty(fault.Errors);
    }

    [Fact]
    public async Task Words_of_the_server_are_cut_and_harmless()
    {
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.RefuseAsync(context, 500, "UNKNOWN", "a\u202Eb\r\nc\u001b]0;title\u0007" + new string('x', 1000)));
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.ServerFault, () => client.TagsAsync());
        Assert.Contains("a b c ]0;title x", fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Message.Length, 300, 400);
    }

    private static Task PageNotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync("404 page not found\n", context.RequestAborted);
    }
}
