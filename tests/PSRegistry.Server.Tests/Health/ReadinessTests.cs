using System.Net;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Health;

/// <summary>What orchestrators ask.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _debugPort = FreePort.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_registry_that_is_well_is_alive_and_ready_at_both_addresses_and_asks_for_no_login()
    {
        await using var registry = await StartAsync(new(), "/registry/");
        using var debug = Debug();
        foreach (var http in new[] { registry.Http, debug })
        {
            foreach (var path in new[] { "/livez", "/readyz" })
            {
                var answer = (await http.GetAsync(path, Token)).MustBe(HttpStatusCode.OK);
                Assert.Equal(("ok\n", "text/plain", "no-store"), (answer.Text, answer.Header("Content-Type"), answer.Header("Cache-Control")));
                (await http.SendAsync(HttpMethod.Head, path, null, Token)).MustBe(HttpStatusCode.OK);
            }
        }
        // Behind the prefix and below v2/ are repositories alone.
        (await registry.Http.GetAsync("/registry/livez", Token)).MustBe(HttpStatusCode.Unauthorized);
        (await registry.Http.GetAsync("/registry/v2/livez/tags/list", Token)).MustBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_check_that_fails_makes_it_unready_and_not_dead_and_is_named_to_operators_alone()
    {
        var down = _folder["down"];
        await File.WriteAllTextAsync(down, "", Token);
        await using var registry = await StartAsync(new() { Files = [new FileHealthCheck(down, new HealthInterval(TimeSpan.FromMilliseconds(20), 0))] });
        using var debug = Debug();
        await UntilAsync(debug, HttpStatusCode.ServiceUnavailable);
        Assert.Equal($"{down}: file exists\n", (await debug.GetAsync("/readyz", Token)).Text);
        var answer = (await registry.Http.GetAsync("/readyz", Token)).MustBe(HttpStatusCode.ServiceUnavailable);
        Assert.StartsWith("unhealthy", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(down, answer.Text, StringComparison.Ordinal);
        (await registry.Http.GetAsync("/livez", Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("file exists", 1), (registry.Server.FailingChecks[down], registry.Server.FailingChecks.Count));
        File.Delete(down);
        await UntilAsync(debug, HttpStatusCode.OK);
        Assert.Empty(registry.Server.FailingChecks);
    }

    [Fact]
    public async Task While_it_drains_it_answers_requests_and_that_it_is_not_ready()
    {
        await using var registry = await TestRegistry.StartAsync(configuration => Listening(configuration) with
        {
            Http = Listening(configuration).Http with { DrainTimeout = TimeSpan.FromSeconds(30), DrainDelay = TimeSpan.FromSeconds(30) },
        });
        using var debug = Debug();
        using var breakOff = new CancellationTokenSource();
        var stopping = registry.Server.StopAsync(breakOff.Token);
        foreach (var http in new[] { registry.Http, debug })
        {
            var answer = (await http.GetAsync("/readyz", Token)).MustBe(HttpStatusCode.ServiceUnavailable);
            Assert.StartsWith("draining", answer.Text, StringComparison.Ordinal);
            (await http.GetAsync("/livez", Token)).MustBe(HttpStatusCode.OK);
        }
        // What requests find is not changed by it.
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        await breakOff.CancelAsync();
        await stopping;
    }

    private static async Task UntilAsync(RegistryHttp debug, HttpStatusCode status)
    {
        for (var attempt = 0; (await debug.GetAsync("/readyz", Token)).Status != status; attempt++)
        {
            Assert.True(attempt < 500, $"/readyz never answered {status}");
            await Task.Delay(20, Token);
        }
    }

    private RegistryConfiguration Listening(RegistryConfiguration configuration) =>
        configuration with { Http = configuration.Http with { DebugAddr = new ListenAddress("127.0.0.1", _debugPort) } };

    private RegistryHttp Debug() => new(new Uri($"http://127.0.0.1:{_debugPort}/"));

    private Task<TestRegistry> StartAsync(HealthConfiguration health, string prefix = "/") => TestRegistry.StartAsync(configuration => Listening(configuration) with
    {
        Health = health,
        Http = Listening(configuration).Http with { Prefix = prefix },
        Auth = new AuthConfiguration { Silly = new SillyConfiguration("r", "s") },
    });
}
