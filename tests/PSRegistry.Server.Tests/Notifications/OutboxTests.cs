using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Notifications;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Notifications;

/// <summary>The files of the outbox: bounded, readable after any end, and nobody's but one server's.</summary>
public sealed class OutboxTests : IAsyncDisposable
{
    private static readonly OutboxConfiguration Limits = new();

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task What_was_written_is_read_in_order_also_by_many_at_once_and_after_a_restart()
    {
        await using (var outbox = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => outbox.AppendAsync(Line(i), durable: i % 7 == 0)));
            await outbox.AppendAsync(Line(500), durable: true);
            Assert.Equal(Enumerable.Range(0, 501), ReadAll(outbox, 0));
        }
        await using var again = Open();
        await again.AppendAsync(Line(501), durable: true);
        Assert.Equal(Enumerable.Range(100, 402), ReadAll(again, 100));
    }

    [Theory]
    [InlineData("{\"id\":\"torn")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public async Task The_torn_end_of_a_crash_is_passed_over(string torn)
    {
        await using (var outbox = Open())
            await outbox.AppendAsync(Line(0), durable: true);
        File.AppendAllText(Segments()[^1], torn);
        await using (var outbox = Open())
        {
            Assert.Equal(1, outbox.End);
            await outbox.AppendAsync(Line(1), durable: true);
            Assert.Equal([0, 1], ReadAll(outbox, 0));
        }
        // Torn before a single line of its file was whole.
        await using (var outbox = Open())
            File.AppendAllText(Segments()[^1], torn);
        await using var last = Open();
        await last.AppendAsync(Line(2), durable: true);
        Assert.Equal([0, 1, 2], ReadAll(last, 0));
    }

    [Fact]
    public async Task Lines_of_any_length_are_read_whole()
    {
        await using var outbox = Open();
        string[] lines = [new('a', 10), new('b', 200_000), "c", new('d', 70_000), new('e', 5_000_000)];
        foreach (var line in lines)
            await outbox.AppendAsync(Encoding.UTF8.GetBytes(line + "\n"), durable: true);
        var cursor = new OutboxCursor(0);
        var read = new List<string>();
        while (outbox.Read(cursor) is { Count: > 0 } batch)
            read.AddRange(batch.Select(line => Encoding.UTF8.GetString(line.Span).TrimEnd('\n')));
        Assert.Equal(lines, read);
    }

    [Fact]
    public async Task A_full_outbox_drops_the_oldest_and_says_how_many()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(500);
        await using var registry = await Notified.StartAsync(_folder, new NotificationConfiguration { Endpoints = [Notified.Endpoint(receiver)], Outbox = Limits with { MaxSize = 1 << 20 } });
        var events = registry.Server.Events;
        var filler = new EventRecord { Id = "", Time = DateTimeOffset.UtcNow, Action = "pull", Repository = "a/b", Tag = new string('x', 2000) };
        for (var i = 0; i < 20; i++)
            await Task.WhenAll(Enumerable.Range(0, 50).Select(j => events.RecordAsync(filler with { Id = $"{i} {j}" }, [], durable: true)));
        var pushed = await Notified.PushAsync(registry, 3, Token);
        Assert.InRange(events.OutboxSize, 500_000, 1 << 20);
        receiver.Answer = _ => Task.FromResult(200);
        var delivery = Assert.Single(events.Deliveries);
        await receiver.WaitUntilAsync(() => delivery.Pending == 0, Token);
        Assert.Equal(pushed, Notified.Digests(receiver.Events).TakeLast(3));
        Assert.Contains(registry.LogLines, line => line.Contains("is full", StringComparison.Ordinal));
        Assert.Contains(registry.LogLines, line => line.Contains($"endpoint hook will not get {1003 - receiver.Events.Count} events", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_delivered_and_old_is_let_go_of_and_nothing_else()
    {
        await using var outbox = Open();
        outbox.Positions.Of("hook", 0);
        await outbox.AppendAsync(Line(0), durable: true);
        outbox.Limits = Limits with { Retention = TimeSpan.Zero };
        outbox.Maintain(["hook"]);
        Assert.Equal([0], ReadAll(outbox, 0));
        outbox.Positions.Set("hook", 1);
        outbox.Maintain(["hook"]);
        outbox.Maintain(["hook"]);
        Assert.Empty(ReadAll(outbox, 0));
        Assert.Equal(1, outbox.End);
        await outbox.AppendAsync(Line(1), durable: true);
        Assert.Equal([1], ReadAll(outbox, 1));
        outbox.Limits = Limits;
        outbox.Positions.Set("hook", 2);
        outbox.Maintain(["hook"]);
        Assert.Equal([1], ReadAll(outbox, 1));
    }

    [Fact]
    public async Task Positions_behind_what_a_power_cut_left_are_brought_back()
    {
        await using (var outbox = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(i => outbox.AppendAsync(Line(i), durable: true)));
            outbox.Positions.Set("hook", 3);
        }
        var lines = File.ReadAllLines(Segments()[0]);
        File.WriteAllText(Segments()[0], lines[0] + "\n");
        await using var cut = Open();
        await cut.AppendAsync(Line(7), durable: true);
        Assert.Equal([7], ReadAll(cut, cut.Positions.Of("hook", cut.End)));
    }

    [Fact]
    public async Task Two_servers_on_one_folder_have_an_outbox_each_and_the_one_that_stays_empties_the_other()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(500);
        await using var stays = await Notified.StartAsync(_folder, Notified.Endpoint(receiver));
        var goes = await Notified.StartAsync(_folder, Notified.Endpoint(receiver));
        var pushed = await Notified.PushAsync(goes, 2, Token);
        Assert.Equal(["1", "2"], OutboxFolders.List(_folder["psregistry", "events"]).Select(Path.GetFileName));
        await goes.DisposeAsync();
        receiver.Answer = _ => Task.FromResult(200);
        // It looks for others every ten seconds.
        Assert.Equal(pushed, Notified.Digests(await receiver.WaitForAsync(2, Token)));
        // What it has delivered it leaves to the next that starts.
        OutboxFolder? free = null;
        await receiver.WaitUntilAsync(() => (free = OutboxFolder.TryOpen(_folder["psregistry", "events", "2"], Limits, NullLogger.Instance)) is not null, Token);
        await free!.DisposeAsync();
    }

    [Fact]
    public async Task What_was_left_goes_on_to_be_delivered_by_one_for_each_endpoint_through_a_reload_until_it_is_let_go_of()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(500);
        var configuration = new NotificationConfiguration { Endpoints = [Notified.Endpoint(receiver)] };
        await using var registry = await Notified.StartAsync(_folder, configuration);
        var events = registry.Server.Events;
        await using var left = Open();
        left.Positions.Set("hook", 0);
        await left.AppendAsync(Event("left"), durable: true);
        await events.AdoptAsync(left);
        await events.ApplyAsync(configuration);
        Assert.Single(events.Deliveries, delivery => delivery.Outbox == left);
        Assert.False(await events.TryLetGoAsync(left));
        receiver.Answer = _ => Task.FromResult(200);
        await receiver.WaitUntilAsync(() => !left.IsWaitedFor(["hook"]), Token);
        await events.TryLetGoAsync(left);
        await events.ApplyAsync(configuration);
        Assert.DoesNotContain(events.Deliveries, delivery => delivery.Outbox == left);
    }

    [Fact]
    public async Task Events_since_a_time_are_sent_once_more_when_that_is_asked_for()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(receiver), Notified.Endpoint(receiver, "other") with { IgnoredActions = new HashSet<string> { "push" } });
        var before = await Notified.PushAsync(registry, 2, Token);
        await receiver.WaitForAsync(2, Token);
        var since = DateTimeOffset.UtcNow;
        await Task.Delay(20, Token);
        var after = await Notified.PushAsync(registry, 2, Token, seed: 1);
        await receiver.WaitForAsync(4, Token);
        new ReplayRequest("hook", since).LeaveIn(_folder["psregistry", "events", "1"]);
        var told = await receiver.WaitForAsync(6, Token);
        Assert.Equal([.. before, .. after, .. after], Notified.Digests(told));
        Assert.Equal((string)told[2]["id"]!, (string)told[4]["id"]!);
        Assert.Empty(Directory.GetFiles(_folder["psregistry", "events", "1"], "replay-*"));
    }

    [Fact]
    public async Task Of_two_replays_at_once_the_one_from_further_back_counts_also_after_a_stop()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(receiver));
        var pushed = (await Notified.PushAsync(registry, 3, Token)).ToList();
        await receiver.WaitForAsync(3, Token);
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        receiver.Answer = async _ =>
        {
            held.TrySetResult();
            await release.Task;
            return 200;
        };
        pushed.AddRange(await Notified.PushAsync(registry, 1, Token, seed: 1));
        await held.Task.WaitAsync(Token);
        var delivery = Assert.Single(registry.Server.Events.Deliveries);
        delivery.Replay(1);
        delivery.Replay(2);
        Assert.Equal(1, delivery.Outbox.Positions.Least(["hook"]));
        release.SetResult();
        Assert.Equal([.. pushed, .. pushed[1..]], Notified.Digests(await receiver.WaitForAsync(7, Token)));
    }

    [Fact]
    public async Task What_is_wrong_in_one_outbox_and_in_one_wish_keeps_nobody_from_a_replay_in_another()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(receiver));
        var pushed = await Notified.PushAsync(registry, 1, Token);
        await receiver.WaitForAsync(1, Token);
        await using var broken = Open();
        File.Delete(Path.Join(broken.Folder, "positions.json"));
        Directory.CreateDirectory(Path.Join(broken.Folder, "positions.json", "in the way"));
        await registry.Server.Events.AdoptAsync(broken);
        var own = _folder["psregistry", "events", "1"];
        if (!OperatingSystem.IsWindows())
            File.CreateSymbolicLink(Path.Join(own, "replay-0.json"), "replay-0.json");
        new ReplayRequest(null, DateTimeOffset.UnixEpoch).LeaveIn(own);
        Assert.Equal([.. pushed, .. pushed], Notified.Digests(await receiver.WaitForAsync(2, Token)));
        await receiver.WaitUntilAsync(() => Directory.GetFiles(own, "replay-*").Length == 0, Token);
        Assert.Contains(registry.LogLines, line => line.Contains(broken.Folder, StringComparison.Ordinal) && line.Contains("could not be looked after", StringComparison.Ordinal));
        Assert.Equal(!OperatingSystem.IsWindows(), registry.LogLines.Any(line => line.Contains("replay-0.json", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_outbox_in_a_folder_that_cannot_be_made_is_told_at_the_start()
    {
        File.WriteAllText(_folder["file"], "");
        var fault = await Assert.ThrowsAsync<RegistryStartException>(() => Notified.StartAsync(_folder, new NotificationConfiguration { Outbox = new() { Enabled = true, Path = _folder["file"] } }));
        Assert.Contains("notifications.outbox.path", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_where_nobody_is_to_be_told()
    {
        await using var registry = await Notified.StartAsync(_folder);
        await Notified.PushAsync(registry, 1, Token);
        Assert.False(Directory.Exists(_folder["psregistry", "events"]));
        Assert.False(registry.Server.Events.AreWanted);
    }

    [Fact]
    public async Task Watching_ends_at_the_event_at_which_it_is_to_end()
    {
        await using var outbox = Open();
        for (var i = 0; i < 3; i++)
            await outbox.AppendAsync(EventJson.Write(new EventRecord { Id = $"{i}", Time = DateTimeOffset.UtcNow, Action = "pull", Repository = "a/b" }, []), durable: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var seen = new List<string>();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var record in OutboxWatch.OfAsync(outbox, DateTimeOffset.UnixEpoch, follow: true, CancellationToken.None, stop.Token))
            {
                seen.Add(record.Id);
                await stop.CancelAsync();
            }
        });
        Assert.Equal(["0"], seen);
    }

    [Fact]
    public async Task An_event_that_comes_after_the_end_is_counted_and_stops_nobody()
    {
        var outbox = Open();
        var before = Task.WhenAll(Enumerable.Range(0, 50).Select(i => outbox.AppendAsync(Line(i), durable: true)));
        await outbox.DisposeAsync();
        await before;
        await outbox.AppendAsync(Line(50), durable: true);
        await outbox.AppendAsync(Line(51), durable: false);
        Assert.Equal(2, outbox.Lost);
        await using var again = Open();
        Assert.Equal(Enumerable.Range(0, 50), ReadAll(again, 0));
    }

    [Fact]
    public async Task What_a_write_that_failed_has_left_is_no_event_and_the_next_one_takes_its_place()
    {
        await using var outbox = Open();
        await outbox.AppendAsync(Line(0), durable: true);
        await File.AppendAllTextAsync(Segments()[^1], "7\n", Token);
        Assert.Equal([0], ReadAll(outbox, 0));
        await outbox.AppendAsync(Line(1), durable: true);
        Assert.Equal([0, 1], ReadAll(outbox, 0));
    }

    private OutboxFolder Open() => new OutboxFolders(_folder["events"], NullLogger.Instance).OpenOwn(Limits);

    private string[] Segments() => [.. Directory.GetFiles(_folder["events", "1"], "*.jsonl").Order()];

    private static byte[] Line(int number) => Encoding.UTF8.GetBytes($"{number}\n");

    private static ReadOnlyMemory<byte> Event(string id) => EventJson.Write(new EventRecord { Id = id, Time = DateTimeOffset.UtcNow, Action = "push", Repository = "a/b" }, []);

    private static List<int> ReadAll(OutboxFolder outbox, long from)
    {
        var read = new List<int>();
        var cursor = new OutboxCursor(from);
        while (outbox.Read(cursor) is { Count: > 0 } lines)
            read.AddRange(lines.Select(line => int.Parse(Encoding.UTF8.GetString(line.Span), System.Globalization.CultureInfo.InvariantCulture)));
        return read;
    }
}
