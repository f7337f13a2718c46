using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Exchange;

public sealed class RetryTests
{
    private readonly ImpatientClock _clock = new();

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        var requests = 0;
        await using var server = await ScriptedServer.StartAsync(context => ++requests <= 2
            ? ScriptedServer.RefuseAsync(context, status, "TOOMANYREQUESTS")
            : ScriptedServer.AnswerAsync(context, """{"tags":["a"]}"""));
        using var client = Clients.Of(server.Address, Clients.Impatient(_clock));
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(2, _clock.Pauses.Count);
        Assert.True(_clock.Pauses[1] > _clock.Pauses[0], "the pauses do not grow");
    }

    [Theory]
    [InlineData(429, RegistryFailure.TooManyRequests)]
    [InlineData(503, RegistryFailure.ServerFault)]
    public async Task What_does_not_pass_is_given_up_after_three_more_attempts(int status, RegistryFailure failure)
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.RefuseAsync(context, status, "UNAVAILABLE", "in maintenance"));
        using var client = Clients.Of(server.Address, Clients.Impatient(_clock));
        var fault = await Clients.FailsAsync(failure, () => client.TagsAsync());
        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(status, fault.Status);
        Assert.Contains("in maintenance", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, RegistryFailure.ProtocolFault)]
    [InlineData(403, RegistryFailure.Denied)]
    [InlineData(404, RegistryFailure.NotFound)]
    [InlineData(405, RegistryFailure.Unsupported)]
    [InlineData(418, RegistryFailure.ProtocolFault)]
    [InlineData(500, RegistryFailure.ServerFault)]
    public async Task What_will_not_change_is_not_tried_again(int status, RegistryFailure failure)
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.RefuseAsync(context, status, "STRANGE", "no\u001b[2J way"));
        using var client = Clients.Of(server.Address, Clients.Impatient(_clock));
        var fault = await Clients.FailsAsync(failure, () => client.TagsAsync());
        Assert.Single(server.Requests);
        Assert.Equal(("STRANGE", "no [2J way"), (Assert.Single(fault.Errors).Code.Name, fault.Errors[0].Message));
    }

    [Fact]
    public async Task The_pause_is_as_long_as_the_server_asks()
    {
        var requests = 0;
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "7";
            return ++requests == 1 ? ScriptedServer.RefuseAsync(context, 429, "TOOMANYREQUESTS") : ScriptedServer.AnswerAsync(context, """{"tags":["a"]}""");
        });
        using var client = Clients.Of(server.Address, Clients.Impatient(_clock));
        Assert.Equal(["a"], await client.TagsAsync());
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(_clock.Pauses));
    }

    [Fact]
    public async Task Who_asks_for_an_hour_is_not_waited_for()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return ScriptedServer.RefuseAsync(context, 429, "TOOMANYREQUESTS");
        });
        using var client = Clients.Of(server.Address, Clients.Impatient(_clock));
        var fault = await Clients.FailsAsync(RegistryFailure.TooManyRequests, () => client.TagsAsync());
        Assert.Equal(TimeSpan.FromHours(1), fault.RetryAfter);
        Assert.Empty(_clock.Pauses);
    }

    [Fact]
    public async Task A_page_that_is_cut_is_asked_for_again_and_handed_out_once()
    {
        var requests = 0;
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            if (++requests > 2)
            {
                await ScriptedServer.AnswerAsync(context, """{"tags":["a","b"]}""");
                return;
            }
            context.Response.ContentLength = requests == 1 ? 100 : null;
            await context.Response.WriteAsync("""{"tags":["a",""", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        using var client = Clients.Of(server.Address, Clients.Impatient(_clock));
        Assert.Equal(["a", "b"], await client.TagsAsync());
        Assert.Equal(2, _clock.Pauses.Count);
    }

    [Fact]
    public async Task A_connection_that_always_breaks_is_lost()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        using var client = Clients.Of(server.Address, Clients.Impatient(_clock));
        await Clients.FailsAsync(RegistryFailure.ConnectionLost, () => client.TagsAsync());
        Assert.Equal(4, server.Requests.Count);
    }
}
