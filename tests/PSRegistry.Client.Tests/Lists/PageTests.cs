using System.Text;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Lists;

public sealed class PageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"name":"library/app","tags":null}""")]
    [InlineData("""{"tags":[]}""")]
    [InlineData(" {\"tags\" : [ ] , \"more\" : {\"tags\":[\"x\"], \"a\":[[1,2],{}]} }\n")]
    public async Task No_tags_are_no_tags(string body)
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, body));
        using var client = Clients.Of(server.Address);
        Assert.Empty(await client.TagsAsync());
    }

    [Fact]
    public async Task A_page_may_arrive_byte_by_byte()
    {
        const string Page = """{"child":["x"],"tags":["latest","1.\u0030",""" + "\"long-" + "\"],\"size\":17}";
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            foreach (var value in Encoding.UTF8.GetBytes(Page))
            {
                await context.Response.Body.WriteAsync(new[] { value }, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        using var client = Clients.Of(server.Address);
        Assert.Equal(["latest", "1.0", "long-"], await client.TagsAsync());
    }

    [Fact]
    public async Task All_names_may_come_at_once()
    {
        var tags = Enumerable.Range(0, 50_000).Select(number => $"build-{number}").ToList();
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.AnswerAsync(context, $$"""{"tags":["{{string.Join("\",\"", tags)}}"]}"""));
        using var client = Clients.Of(server.Address);
        Assert.Equal(tags, await client.TagsAsync());
    }

    [Theory]
    [InlineData("""{"tags":["a/b"]}""", "'a/b'")]
    [InlineData("""{"tags":["\u001b[31mred"]}""", "'[31mred'")]
    [InlineData("""{"tags":[1]}""", "no list of names")]
    [InlineData("""{"tags":"a"}""", "no list of names")]
    [InlineData("""{"tags":["\ud800"]}""", "well-formed")]
    [InlineData("""{"tags":["a",]}""", "well-formed")]
    [InlineData("""{"tags":["a"]""", "well-formed")]
    [InlineData("""{"tags":["a"]}}""", "well-formed")]
    [InlineData("""{"names":["a"]}""", "no \"tags\"")]
    public async Task A_page_that_breaks_the_rules_is_a_fault_that_says_how(string body, string reason)
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, body));
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.TagsAsync());
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><title>Router</title>")]
    [InlineData("")]
    [InlineData("[]")]
    public async Task What_is_no_object_comes_from_no_registry(string body)
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync(body, Token);
        });
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(RegistryFailure.NotARegistry, () => client.TagsAsync());
        var fault = await Clients.FailsAsync(RegistryFailure.NotARegistry, () => client.PingAsync(Token).AsTask());
        Assert.Contains("text/html", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"x\":\"", "aaaaaaaaaa", "longer than 1 MiB")]
    [InlineData("{\"x\":[", "1111111111,", "longer than 32 MiB")]
    [InlineData("{\"tags\":[", "\"a\",", "1000000 names")]
    public async Task A_page_without_end_is_given_up(string start, string repeated, string reason)
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync(start, context.RequestAborted);
            var filling = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(repeated, 6_000)));
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(filling, context.RequestAborted);
        });
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.ProtocolFault, () => client.TagsAsync());
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_is_cancelled_in_the_middle_of_a_page()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("""{"tags":["a",""", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = Clients.Of(server.Address);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.ListTagsAsync(Clients.Repository, cancellationToken: cancel.Token))
                Assert.Fail("half a page was handed out");
        });
        Assert.Single(server.Requests);
    }
}
