using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Notifications;

/// <summary>Every event comes, in order, whatever the endpoint and the server go through meanwhile.</summary>
public sealed class DeliveryTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task An_endpoint_that_fails_and_comes_back_gets_every_event_once_in_order_under_its_name()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var failures = 0;
        receiver.Answer = _ => Task.FromResult(Interlocked.Increment(ref failures) <= 7 ? 503 : 200);
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(receiver));
        var pushed = await Notified.PushAsync(registry, 5, Token);
        Assert.Equal(pushed, Notified.Digests(await receiver.WaitForAsync(5, Token)));
        Assert.Single(receiver.Attempts.Take(8).Select(attempt => attempt.Id).Distinct());
        Assert.Equal(5, receiver.Attempts.Select(attempt => attempt.Id).Distinct().Count());
        Assert.Single(registry.LogLines, line => line.Contains("failed 3 times in a row (it answered 503)", StringComparison.Ordinal));
        Assert.Single(registry.LogLines, line => line.Contains("takes events again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_gets_everything_when_it_comes()
    {
        var port = FreePort.Next();
        await using var registry = await Notified.StartAsync(_folder, new NotificationEndpoint("hook", new Uri($"http://127.0.0.1:{port}/hook")) { Backoff = TimeSpan.FromMilliseconds(20) });
        var pushed = await Notified.PushAsync(registry, 3, Token);
        await using var receiver = await WebhookReceiver.StartAsync(port);
        Assert.Equal(pushed, Notified.Digests(await receiver.WaitForAsync(3, Token)));
    }

    [Fact]
    public async Task A_slow_receiver_slows_neither_pushes_nor_pulls_nor_the_other_endpoint()
    {
        await using var slow = await WebhookReceiver.StartAsync();
        await using var quick = await WebhookReceiver.StartAsync();
        var release = new TaskCompletionSource();
        slow.Answer = async _ =>
        {
            await release.Task;
            return 200;
        };
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(slow, "slow"), Notified.Endpoint(quick, "quick"));
        var pushed = await Notified.PushAsync(registry, 3, Token);
        foreach (var digest in pushed)
            await registry.Http.GetBlobAsync("a/b", digest, Token);
        var told = Notified.Digests(await quick.WaitForAsync(6, Token)).ToList();
        Assert.Empty(slow.Attempts);
        release.SetResult();
        Assert.Equal([.. pushed, .. pushed], told);
        Assert.Equal(told, Notified.Digests(await slow.WaitForAsync(6, Token)));
    }

    [Fact]
    public async Task What_was_not_delivered_before_a_stop_is_delivered_after_the_next_start()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(500);
        List<string> pushed = [];
        await using (var first = await Notified.StartAsync(_folder, Notified.Endpoint(receiver)))
            pushed.AddRange(await Notified.PushAsync(first, 3, Token));
        receiver.Answer = _ => Task.FromResult(200);
        await using var second = await Notified.StartAsync(_folder, Notified.Endpoint(receiver));
        pushed.AddRange(await Notified.PushAsync(second, 2, Token, seed: 1));
        Assert.Equal(pushed, Notified.Digests(await receiver.WaitForAsync(5, Token)));
    }

    [Fact]
    public async Task A_stop_delivers_what_the_endpoint_takes_at_once()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var release = new TaskCompletionSource();
        receiver.Answer = async _ =>
        {
            await release.Task;
            return 200;
        };
        var registry = await Notified.StartAsync(_folder, Notified.Endpoint(receiver));
        var pushed = await Notified.PushAsync(registry, 20, Token);
        var stopping = registry.DisposeAsync().AsTask();
        release.SetResult();
        await stopping;
        Assert.Equal(pushed, Notified.Digests(receiver.Events));
    }

    [Fact]
    public async Task A_new_endpoint_begins_with_what_happens_from_then_on()
    {
        await using var one = await WebhookReceiver.StartAsync();
        await using var other = await WebhookReceiver.StartAsync();
        await using (var first = await Notified.StartAsync(_folder, Notified.Endpoint(one, "one")))
        {
            await Notified.PushAsync(first, 2, Token);
            await one.WaitForAsync(2, Token);
        }
        await using var second = await Notified.StartAsync(_folder, Notified.Endpoint(one, "one"), Notified.Endpoint(other, "other"));
        var pushed = await Notified.PushAsync(second, 1, Token, seed: 1);
        Assert.Equal(pushed, Notified.Digests(await other.WaitForAsync(1, Token)));
        Assert.Equal(3, (await one.WaitForAsync(3, Token)).Count);
    }

    [Fact]
    public async Task What_is_ignored_is_not_sent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(receiver) with
        {
            IgnoredActions = new HashSet<string> { "pull" },
            IgnoredMediaTypes = new HashSet<string> { "application/octet-stream" },
        });
        var image = await TinyImages.PushAsync(registry.Http, "a/b", "v1", [1], Token);
        await registry.Http.GetManifestAsync("a/b", "v1", Token);
        await registry.Http.DeleteManifestAsync("a/b", "v1", Token);
        var told = await receiver.WaitForAsync(2, Token);
        Assert.Equal(["push", "delete"], told.Select(one => (string)one["action"]!));
        Assert.Equal(image.Manifest, (string)told[0]["target"]!["digest"]!);
    }

    [Fact]
    public async Task An_endpoint_is_sent_its_headers_and_the_type_of_the_envelope_unless_a_header_says_another()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var endpoint = Notified.Endpoint(receiver) with { Headers = new Dictionary<string, IReadOnlyList<string>> { ["Authorization"] = ["Bearer swordfish"], ["X-A"] = ["b", "c"] } };
        var old = new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = ["application/vnd.docker.distribution.events.v1+json"] };
        await using var registry = await Notified.StartAsync(_folder, endpoint, endpoint with { Name = "old", Headers = old });
        await Notified.PushAsync(registry, 1, Token);
        await receiver.WaitForAsync(2, Token);
        var current = Assert.Single(receiver.Attempts, attempt => attempt.Headers.ContainsKey("X-A"));
        Assert.Equal(("Bearer swordfish", "application/vnd.docker.distribution.events.v2+json"), (current.Headers["Authorization"], current.Headers["Content-Type"]));
        Assert.Equal("application/vnd.docker.distribution.events.v1+json", Assert.Single(receiver.Attempts, attempt => attempt != current).Headers["Content-Type"]);
        Assert.DoesNotContain(registry.LogLines, line => line.Contains("swordfish", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_endpoints_and_addresses_at_run_time_go_on_where_each_was()
    {
        await using var one = await WebhookReceiver.StartAsync();
        await using var other = await WebhookReceiver.StartAsync();
        one.Answer = _ => Task.FromResult(500);
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(one));
        var pushed = await Notified.PushAsync(registry, 3, Token);
        await one.WaitUntilAsync(() => one.Attempts.Count > 0, Token);
        await registry.Server.Events.ApplyAsync(new NotificationConfiguration { Endpoints = [Notified.Endpoint(other)] });
        Assert.Equal(pushed, Notified.Digests(await other.WaitForAsync(3, Token)));
        await registry.Server.Events.ApplyAsync(new NotificationConfiguration());
        await Notified.PushAsync(registry, 1, Token, seed: 1);
        await registry.Server.Events.ApplyAsync(new NotificationConfiguration { Endpoints = [Notified.Endpoint(other)] });
        pushed = [.. pushed, .. await Notified.PushAsync(registry, 1, Token, seed: 2)];
        Assert.Equal(pushed, Notified.Digests(await other.WaitForAsync(4, Token)));
    }

    [Fact]
    public async Task Events_of_a_registry_in_memory_are_kept_in_memory()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with { Notifications = new() { Endpoints = [Notified.Endpoint(receiver)] } });
        var pushed = await Notified.PushAsync(registry, 250, Token);
        Assert.Equal(pushed, Notified.Digests(await receiver.WaitForAsync(250, Token)));
    }

    [Fact]
    public async Task A_redirect_is_followed_with_the_headers_to_the_same_host_only()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var door = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = context.Request.Path == "/near" ? receiver.Url.ToString() : receiver.Url.ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
            return Task.CompletedTask;
        });
        var endpoint = Notified.Endpoint(receiver) with { Headers = new Dictionary<string, IReadOnlyList<string>> { ["Authorization"] = ["Bearer swordfish"] } };
        await using var registry = await Notified.StartAsync(
            _folder, endpoint with { Name = "near", Url = new Uri(door.Address, "near") }, endpoint with { Name = "far", Url = new Uri(door.Address, "far") });
        await Notified.PushAsync(registry, 1, Token);
        await receiver.WaitForAsync(2, Token);
        var near = Assert.Single(receiver.Attempts, attempt => attempt.Headers["Host"].StartsWith("127.", StringComparison.Ordinal));
        var far = Assert.Single(receiver.Attempts, attempt => attempt.Headers["Host"].StartsWith("localhost", StringComparison.Ordinal));
        Assert.Equal("Bearer swordfish", near.Headers["Authorization"]);
        Assert.False(far.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_redirect_that_cannot_be_followed_is_a_failure_that_is_tried_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var asked = 0;
        await using var door = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = Interlocked.Increment(ref asked) switch { 1 => "ftp://127.0.0.1/key", 2 => "http://a:bad/key", <= 13 => "/again", _ => receiver.Url.ToString() };
            return Task.CompletedTask;
        });
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(receiver) with { Url = door.Address, Threshold = 1 });
        var pushed = await Notified.PushAsync(registry, 2, Token);
        Assert.Equal(pushed, Notified.Digests(await receiver.WaitForAsync(2, Token)));
        Assert.Contains(registry.LogLines, line => line.Contains("no address of http or https", StringComparison.Ordinal));
        Assert.Equal(1 + 1 + 11 + 2, asked);
        Assert.DoesNotContain(registry.LogLines, line => line.Contains("ftp://", StringComparison.Ordinal));
    }
}
