using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Events;

public sealed class WatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_server_of_this_session_is_watched_without_any_configuration()
    {
        var server = Assert.Single(_session.Run("Start-RegistryServer -InMemory"));
        var watching = Watch("foreach ($i in 1) { Watch-RegistryEvent -Action push, delete -Repository 'a/*' | ForEach-Object { $_; if ($_.Tag) { break } } }");
        using var http = new RegistryHttp(server.Get<Uri>("Uri"));
        var image = await PushUntilAsync(watching, http, "a/b");
        var told = await watching;
        Assert.Equal(("push", "a/b", "v1"), (told[^1].Get<string>("Action"), told[^1].Get<string>("Repository"), told[^1].Get<string>("Tag")));
        Assert.Equal((image, server.Get<string>("Registry")), (told[^1].Get<string>("Digest"), told[^1].Get<string>("Registry")));
        Assert.StartsWith("127.0.0.1:", told[^1].Get<string>("Address"), StringComparison.Ordinal);
        Assert.DoesNotContain(told, one => one.Get<string>("Repository") == "other");
    }

    [Theory]
    [InlineData("Get-RegistryServer | Watch-RegistryEvent")]
    [InlineData("Watch-RegistryEvent -Server $one, $two")]
    public async Task Several_servers_are_watched_at_the_same_time(string watch)
    {
        _session.Run("$one = Start-RegistryServer -InMemory; $two = Start-RegistryServer -InMemory");
        var servers = _session.Run("$one; $two");
        var watching = Watch($"$seen = @{{}}; foreach ($i in 1) {{ {watch} -Action push -Repository a/b | ForEach-Object {{ $_; $seen[$_.Registry] = 1; if ($seen.Count -eq 2) {{ break }} }} }}");
        using var first = new RegistryHttp(servers[0].Get<Uri>("Uri"));
        using var second = new RegistryHttp(servers[1].Get<Uri>("Uri"));
        while (!watching.IsCompleted)
        {
            await TinyImages.PushAsync(second, "a/b", "v1", [1], Token);
            await TinyImages.PushAsync(first, "a/b", "v1", [1], Token);
            await Task.WhenAny(watching, Task.Delay(500, Token));
        }
        Assert.Equal(servers.Select(server => server.Get<string>("Registry")).Order(), (await watching).Select(one => one.Get<string>("Registry")).Distinct().Order());
    }

    [Fact]
    public async Task Several_servers_are_watched_until_the_last_of_them_stops()
    {
        _session.Run("$one = Start-RegistryServer -InMemory; $two = Start-RegistryServer -InMemory");
        var servers = _session.Run("$one; $two");
        var watching = Watch("Get-RegistryServer | Watch-RegistryEvent | Where-Object Tag");
        using var other = new Session();
        other.Run($"Get-RegistryServer '{servers[0]}' | Stop-RegistryServer");
        using (var http = new RegistryHttp(servers[1].Get<Uri>("Uri")))
            await TinyImages.PushAsync(http, "a/b", "v1", [1], Token);
        Assert.False(watching.IsCompleted);
        other.Run($"Get-RegistryServer '{servers[1]}' | Stop-RegistryServer");
        await watching;
    }

    [Fact]
    public async Task Ctrl_C_ends_the_watching_and_not_the_server()
    {
        var server = Assert.Single(_session.Run("Start-RegistryServer -InMemory"));
        using var shell = _session.Shell("Watch-RegistryEvent");
        var watching = shell.InvokeAsync();
        await Task.Delay(200, Token);
        await shell.StopAsync(null, null);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => watching);
        Assert.True(Http.Answers(server.Get<Uri>("Uri")));
    }

    [Fact]
    public async Task Watching_ends_when_the_server_stops_or_the_time_is_up()
    {
        Assert.Empty(_session.Run("$s = Start-RegistryServer -InMemory; Watch-RegistryEvent -Timeout 0"));
        var server = Assert.Single(_session.Run("$s")).ToString();
        var watching = Watch("Watch-RegistryEvent");
        using (var other = new Session())
            other.Run($"Get-RegistryServer '{server}' | Stop-RegistryServer");
        await watching;
    }

    [Fact]
    public async Task Events_that_are_kept_are_read_from_the_folder_by_time_and_bind_to_what_they_are_of()
    {
        var (server, since) = await ServeAsync();
        foreach (var from in new[] { "", $" -DataPath '{_folder["data"]}'" })
        {
            var told = _session.Run($"Watch-RegistryEvent -Since ([datetime]'{since:o}') -NoFollow{from}");
            Assert.Equal(["push", "push", "push"], told.Select(one => one.Get<string>("Action")));
            Assert.Equal("push a/b:v1", told[^1].ToString());
            var image = Assert.Single(_session.Run($"Watch-RegistryEvent -Since ([datetime]'{since:o}') -NoFollow{from} | Where-Object Tag | Get-RegistryTag"));
            Assert.Equal("v1", image.Get<string>("Tag"));
            Assert.Empty(_session.Run($"Watch-RegistryEvent -Since ([datetime]'{DateTime.Now.AddHours(1):o}') -NoFollow{from}"));
        }
        Assert.Equal(server.Get<string>("Registry"), _session.Run($"Watch-RegistryEvent -Since ([datetime]'{since:o}') -NoFollow")[0].Get<string>("Registry"));
    }

    [Fact]
    public async Task A_folder_is_followed()
    {
        var (server, _) = await ServeAsync();
        var watching = Watch($"foreach ($i in 1) {{ Watch-RegistryEvent -DataPath '{_folder["data"]}' -Repository c/d | ForEach-Object {{ $_; if ($_.Tag) {{ break }} }} }}");
        using var http = new RegistryHttp(server.Get<Uri>("Uri"));
        var image = await PushUntilAsync(watching, http, "c/d");
        Assert.Equal(image, (await watching)[^1].Get<string>("Digest"));
    }

    [Fact]
    public async Task Kept_events_are_sent_to_an_endpoint_once_more()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var (_, since) = await ServeAsync(receiver.Yaml());
        await receiver.WaitForAsync(3, Token);
        _session.Run($"Send-RegistryEvent -Since ([datetime]'{since:o}') -WhatIf");
        _session.Run($"Send-RegistryEvent -Since ([datetime]'{since:o}') -Endpoint hook");
        var told = await receiver.WaitForAsync(6, Token);
        Assert.Equal(told.Take(3).Select(one => (string)one["id"]!), told.Skip(3).Select(one => (string)one["id"]!));
    }

    [Theory]
    [InlineData("Watch-RegistryEvent -DataPath {0}", "NoRegistryEvents,PSRegistry.Commands.WatchRegistryEventCommand")]
    [InlineData("Send-RegistryEvent -DataPath {0} -Since 2026-01-01", "NoRegistryEvents,PSRegistry.Commands.SendRegistryEventCommand")]
    [InlineData("$null = Start-RegistryServer -InMemory; Watch-RegistryEvent -Since 2026-01-01 -NoFollow", "RegistryEventsNotKept,PSRegistry.Commands.WatchRegistryEventCommand")]
    [InlineData("$null = Start-RegistryServer -InMemory; Send-RegistryEvent -Since 2026-01-01", "RegistryEventsNotKept,PSRegistry.Commands.SendRegistryEventCommand")]
    public void Events_that_nobody_keeps_are_an_error(string script, string id) =>
        Assert.Equal(id, _session.Fails(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, _folder)).FullyQualifiedErrorId);

    /// <summary>A server of this session that keeps its events, and has had three.</summary>
    private async Task<(PSObject Server, DateTime Since)> ServeAsync(string notifications = "notifications: {outbox: {enabled: true}}\n")
    {
        File.WriteAllText(_folder["config.yml"], $"version: 0.1\nstorage: {{filesystem: {{rootdirectory: '{_folder["data"]}'}}}}\nhttp: {{addr: '127.0.0.1:0'}}\n{notifications}");
        var server = Assert.Single(_session.Run($"Start-RegistryServer '{_folder["config.yml"]}'"));
        var since = DateTime.UtcNow;
        using var http = new RegistryHttp(server.Get<Uri>("Uri"));
        await TinyImages.PushAsync(http, "a/b", "v1", [1], Token);
        return (server, since);
    }

    private Task<System.Collections.ObjectModel.Collection<PSObject>> Watch(string script) => Task.Run(() => _session.Run(script), Token);

    /// <summary>Pushes until the watcher, who may begin late, has seen an image; its digest.</summary>
    private static async Task<string> PushUntilAsync(Task watching, RegistryHttp http, string repository)
    {
        while (true)
        {
            await TinyImages.PushAsync(http, "other", "v1", [2], Token);
            var image = await TinyImages.PushAsync(http, repository, "v1", [1], Token);
            if (watching.IsCompleted || await Task.WhenAny(watching, Task.Delay(500, Token)) == watching)
                return image.Manifest;
        }
    }
}
