using PSRegistry.Server.Tests.Serving;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Notifications;

/// <summary>Endpoints that come, move and go while the registry runs.</summary>
public sealed class EndpointReloadTests : IDisposable
{
    private readonly ReloadFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_endpoint_is_told_from_the_reload_on_and_after_a_move_where_it_was()
    {
        await using var one = await WebhookReceiver.StartAsync();
        await using var other = await WebhookReceiver.StartAsync();
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        await Notified.PushAsync(registry, 1, Token);

        one.Answer = _ => Task.FromResult(500);
        _folder.Write(one.Yaml());
        Assert.True((await registry.Server.ReloadAsync(cancellationToken: Token)).IsApplied);
        var pushed = await Notified.PushAsync(registry, 2, Token, seed: 1);

        _folder.Write(other.Yaml());
        Assert.True((await registry.Server.ReloadAsync(cancellationToken: Token)).IsApplied);
        Assert.Equal(pushed, Notified.Digests(await other.WaitForAsync(2, Token)));
    }

    [Fact]
    public async Task Where_events_are_kept_waits_for_a_restart()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var registry = await TestRegistry.StartAsync(_folder.Write(receiver.Yaml()));
        _folder.Write(receiver.Yaml(section: $"outbox: {{path: '{_folder["elsewhere"]}', retention: 1h}}"));
        var reload = await registry.Server.ReloadAsync(cancellationToken: Token);
        Assert.Equal(["notifications.outbox.path"], reload.Changes.Where(change => change.NeedsRestart).Select(change => change.KeyPath));
        Assert.Contains(reload.Changes, change => change is { KeyPath: "notifications.outbox.retention", NeedsRestart: false });
        Assert.False(Directory.Exists(_folder["elsewhere"]));
        Assert.Equal(TimeSpan.FromHours(1), registry.Server.Events.Limits.Retention);
    }
}
