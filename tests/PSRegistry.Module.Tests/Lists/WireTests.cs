using System.Management.Automation;
using System.Text;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Lists;

/// <summary>What the list cmdlets send and when, seen from a server that a test holds still.</summary>
public sealed class WireTests : IDisposable
{
    private readonly Session _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task So_many_requests_are_in_flight_and_the_order_is_kept()
    {
        var open = 0;
        var most = 0;
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            var now = Interlocked.Increment(ref open);
            InterlockedMax(ref most, now);
            // The first ones answer last.
            var number = int.Parse(context.Request.Path.Value!.Split('/')[2][1..], System.Globalization.CultureInfo.InvariantCulture);
            await Task.Delay(number < 4 ? 300 : 20, context.RequestAborted);
            Interlocked.Decrement(ref open);
            await ScriptedServer.AnswerAsync(context, $$"""{"tags":["t{{number}}"]}""");
        });
        var output = _session.Run($"1..12 | ForEach-Object {{ \"r$_\" }} | Get-RegistryTag -Registry {server.Address} -ThrottleLimit 4 | ForEach-Object Tag");
        Assert.Equal(Enumerable.Range(1, 12).Select(number => $"t{number}"), output.Texts());
        Assert.Equal(4, most);
    }

    [Fact]
    public async Task The_first_page_is_written_before_the_second_is_there()
    {
        var seen = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            if (!context.Request.Query.ContainsKey("last"))
            {
                await ScriptedServer.AnswerAsync(context, """{"repositories":["a"]}""", "/v2/_catalog?last=a&n=1");
                return;
            }
            await seen.Task.WaitAsync(context.RequestAborted);
            await ScriptedServer.AnswerAsync(context, """{"repositories":["b"]}""");
        });
        using var shell = _session.Shell($"Get-RegistryCatalog -Registry {server.Address}");
        using var output = new PSDataCollection<PSObject>();
        var listing = shell.InvokeAsync<PSObject, PSObject>(null, output);
        while (output.Count == 0)
            await Task.Delay(10, Token);
        seen.SetResult();
        await listing;
        Assert.Equal(["a", "b"], output.Select(found => found.Get<string>("Repository")));
    }

    [Fact]
    public async Task Ctrl_C_ends_a_request_that_nobody_answers()
    {
        var aborted = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            using var registration = context.RequestAborted.Register(aborted.SetResult);
            asked.SetResult();
            await aborted.Task;
        });
        using var shell = _session.Shell($"Get-RegistryCatalog -Registry {server.Address}");
        var listing = shell.InvokeAsync();
        await asked.Task.WaitAsync(Token);
        await shell.StopAsync(null, null);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => listing);
        await aborted.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task A_pipeline_that_is_broken_off_asks_for_no_more_pages()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(
            context, """{"repositories":["a"]}""", $"/v2/_catalog?last={Guid.NewGuid():N}"));
        var output = _session.Run($"foreach ($i in 1) {{ Get-RegistryCatalog -Registry {server.Address} | ForEach-Object {{ $_; break }} }}");
        Assert.Single(output);
        // What was on its way when the pipeline broke may still arrive.
        await Task.Delay(300, Token);
        var asked = server.Requests.Count;
        await Task.Delay(300, Token);
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public async Task A_login_goes_to_the_registry_that_asks_and_is_shown_nowhere()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:wolf-in-sheep")))
                return ScriptedServer.AnswerAsync(context, """{"repositories":["a"]}""");
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Registry Realm\"";
            return ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED");
        });
        const string Login = "$c = [pscredential]::new('ann', ('wolf-in-sheep'.ToCharArray() | ForEach-Object { $s = [securestring]::new() } { $s.AppendChar($_) } { $s }))";
        Assert.Single(_session.Run($"{Login}; Get-RegistryCatalog -Registry {server.Address} -Credential $c"));

        var anonymous = _session.Fails($"Get-RegistryCatalog -Registry {server.Address}");
        Assert.Equal("RegistryUnauthorized,PSRegistry.Commands.GetRegistryCatalogCommand", anonymous.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, anonymous.CategoryInfo.Category);
        Assert.Contains("(Basic, realm \"Registry Realm\")", anonymous.ToString(), StringComparison.Ordinal);
        Assert.Contains("Connect-Registry", anonymous.ErrorDetails.RecommendedAction, StringComparison.Ordinal);

        var refused = _session.Fails($"{Login.Replace("wolf-in-sheep", "wolf-in-wool", StringComparison.Ordinal)}; Get-RegistryCatalog -Registry {server.Address} -Credential $c");
        Assert.Equal("RegistryUnauthorized", refused.FullyQualifiedErrorId.Split(',')[0]);
        Assert.DoesNotContain("wolf", refused.ToString() + refused.Exception + refused.ErrorDetails?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_registry_lists_leads_back_to_it_over_plain_http()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(
            context, context.Request.Path.Value!.EndsWith("_catalog", StringComparison.Ordinal) ? """{"repositories":["a"]}""" : """{"tags":["1"]}"""));
        // localhost.localdomain style names are https by default; the URL says http, and the objects must go on saying it.
        var repository = Assert.Single(_session.Run($"Get-RegistryCatalog -Registry {server.Address}under/proxy/"));
        Assert.Equal($"{server.Address}under/proxy/", repository.Get<string>("Registry"));
        Assert.Equal($"{server.Address.Authority}/a", repository.ToString());
        Assert.Single(_session.Run($"Get-RegistryCatalog -Registry {server.Address}under/proxy/ | Get-RegistryTag"));
        Assert.All(server.Requests, request => Assert.StartsWith("/under/proxy/v2/", request.Target, StringComparison.Ordinal));
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = most; now > seen; seen = most)
            Interlocked.CompareExchange(ref most, now, seen);
    }
}
