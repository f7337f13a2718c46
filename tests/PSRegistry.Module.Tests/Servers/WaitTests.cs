using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Servers;

public sealed class WaitTests : IDisposable
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
    public async Task Waiting_ends_when_another_runspace_stops_the_server()
    {
        var server = Assert.Single(_session.Run("($s = Start-RegistryServer -InMemory)"));
        var waiting = Task.Run(() => _session.Run("Wait-RegistryServer -PassThru"), Token);
        await Task.Delay(100, Token);
        Assert.False(waiting.IsCompleted);
        using (var other = new Session())
            other.Run($"Get-RegistryServer '{server}' | Stop-RegistryServer");
        Assert.Equal("Stopped", Assert.Single(await waiting).Get<object>("State").ToString());
    }

    [Fact]
    public async Task Ctrl_C_ends_the_waiting_and_not_the_server()
    {
        var server = Assert.Single(_session.Run("($s = Start-RegistryServer -InMemory)"));
        using var shell = _session.Shell("Wait-RegistryServer");
        var waiting = shell.InvokeAsync();
        await Task.Delay(200, Token);
        await shell.StopAsync(null, null);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => waiting);
        Assert.True(Http.Answers(server.Get<Uri>("Uri")));
    }

    [Fact]
    public void A_server_that_does_not_stop_in_time_is_an_error() =>
        Assert.Equal("RegistryServerTimeout,PSRegistry.Commands.WaitRegistryServerCommand", _session.Fails("$null = Start-RegistryServer -InMemory; Wait-RegistryServer -Timeout 0").FullyQualifiedErrorId);

    [Fact]
    public void A_server_that_answers_is_running_with_TLS_too()
    {
        File.WriteAllText(_folder["config.yml"], "version: 0.1\nstorage: {inmemory: {}}\n" + Assert.Single(_session.Run($"(New-RegistryCertificate registry.local '{_folder}').Configuration")));
        _session.Run($"$plain = Start-RegistryServer -InMemory; $tls = Start-RegistryServer '{_folder["config.yml"]}' -Address 127.0.0.1 -Port 0");
        Assert.Equal(2, _session.Run("$plain, $tls | Wait-RegistryServer -State Running -Timeout 30 -PassThru").Count(server => server.Get<object>("State").ToString() == "Running"));
    }

    [Fact]
    public void A_server_whose_health_check_fails_is_not_running_yet()
    {
        File.WriteAllText(_folder["down"], "");
        File.WriteAllText(_folder["config.yml"], $"version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: '127.0.0.1:0'}}\nhealth: {{file: [{{file: {_folder["down"]}, interval: 50ms}}]}}\n");
        _session.Run($"$s = Start-RegistryServer '{_folder["config.yml"]}'");
        while (_session.RunWithErrors("$s | Wait-RegistryServer -State Running -Timeout 0").Errors.Count == 0)
            Token.ThrowIfCancellationRequested();
        File.Delete(_folder["down"]);
        _session.Run("$s | Wait-RegistryServer -State Running -Timeout 60");
    }

    [Fact]
    public void A_stopped_server_will_not_answer() =>
        Assert.Equal("RegistryServerStopped,PSRegistry.Commands.WaitRegistryServerCommand", _session.Fails("$s = Start-RegistryServer -InMemory; $s | Stop-RegistryServer; $s | Wait-RegistryServer -State Running").FullyQualifiedErrorId);

    [Fact]
    public async Task The_log_is_there_for_whoever_asks_and_as_often()
    {
        var server = Assert.Single(_session.Run("($s = Start-RegistryServer -InMemory)"));
        using (var http = new RegistryHttp(server.Get<Uri>("Uri")))
        {
            for (var i = 0; i < 3; i++)
                await http.GetAsync($"/v2/a{i}/tags/list", Token);
        }
        while (_session.Run("Receive-RegistryServerLog").Count < 4)
            await Task.Delay(20, Token);
        Assert.Equal(4, _session.Run("Receive-RegistryServerLog").Count);
        Assert.StartsWith("psregistry", _session.Run("Receive-RegistryServerLog")[0].Get<string>("Message"), StringComparison.Ordinal);
        Assert.Equal(2, _session.Run("Receive-RegistryServerLog -Tail 2").Count);
        Assert.Empty(_session.Run("Receive-RegistryServerLog -Tail 0"));
        Assert.Equal(3, _session.Run("$s | Stop-RegistryServer; $s | Receive-RegistryServerLog -Wait -Tail 3").Count);
    }

    [Fact]
    public async Task The_log_is_followed_until_the_server_stops()
    {
        var server = Assert.Single(_session.Run("($s = Start-RegistryServer -InMemory)"));
        var following = Task.Run(() => _session.Run("Receive-RegistryServerLog -Wait -Tail 0; 'over'"), Token);
        using (var http = new RegistryHttp(server.Get<Uri>("Uri")))
        {
            await Task.Delay(300, Token);
            await http.GetAsync("/v2/", Token);
        }
        using (var other = new Session())
            other.Run($"Get-RegistryServer '{server}' | Stop-RegistryServer");
        var output = await following;
        Assert.Contains(output, record => record.ToString().Contains("http.response.status=200", StringComparison.Ordinal));
        Assert.Equal("over", output[^1].ToString());
    }

    [Fact]
    public void By_force_a_server_takes_the_place_of_the_one_before()
    {
        var port = FreePort.Next();
        var servers = _session.Run($"$a = Start-RegistryServer -InMemory -Port {port}; $b = Start-RegistryServer -InMemory -Port {port} -Force; $other = Start-RegistryServer -InMemory -Force; $a; $b; $other");
        Assert.Equal(["Stopped", "Running", "Running"], servers.Select(server => server.Get<object>("State").ToString()));
        Assert.Equal(port, servers[1].Get<Uri>("Uri").Port);
    }

    [Fact]
    public void By_force_a_server_of_another_session_stays()
    {
        using var other = new Session();
        var kept = Assert.Single(other.Run("Start-RegistryServer -InMemory"));
        Assert.StartsWith("AddressUnavailable,", _session.Fails($"Start-RegistryServer -InMemory -Force -Port {kept.Get<Uri>("Uri").Port}").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("Running", kept.Get<object>("State").ToString());
    }

    [Fact]
    public void A_faulty_configuration_stops_nothing()
    {
        var kept = Assert.Single(_session.Run("Start-RegistryServer -InMemory"));
        var port = kept.Get<Uri>("Uri").Port;
        File.WriteAllText(_folder["config.yml"], $"version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: '127.0.0.1:{port}', draintimeout: soon}}\n");
        Assert.StartsWith("ConfigurationFault,", _session.Fails($"Start-RegistryServer '{_folder["config.yml"]}' -Force").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("Running", kept.Get<object>("State").ToString());
    }

    [Fact]
    public async Task A_server_counts_what_it_does()
    {
        var server = Assert.Single(_session.Run("($s = Start-RegistryServer -InMemory)"));
        await Http.PushAsync(server.Get<Uri>("Uri"), Token, "a:1");
        var (requests, received, sent) = (server.Get<long>("Requests"), server.Get<long>("BytesReceived"), server.Get<long>("BytesSent"));
        Assert.InRange(requests, 3, 20);
        Assert.InRange(received, 100, 10_000);
        using var http = new RegistryHttp(server.Get<Uri>("Uri"));
        var manifest = await http.GetManifestAsync("a", "1", Token);
        await http.GetAsync("/v2/none/tags/list", Token);
        while (server.Get<long>("Requests") < requests + 2)
            await Task.Delay(20, Token);
        Assert.InRange(server.Get<long>("BytesSent"), sent + manifest.Body.Length + 10, sent + manifest.Body.Length + 1000);
        Assert.Equal((received, 0), (server.Get<long>("BytesReceived"), server.Get<long>("Errors")));
    }
}
