using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Servers;

public sealed class StopTests : IDisposable
{
    private readonly Session _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_server_is_stopped_by_the_pipeline_and_passed_through()
    {
        var stopped = Assert.Single(_session.Run("Start-RegistryServer -InMemory | Stop-RegistryServer -PassThru"));
        Assert.Equal("Stopped", stopped.Get<object>("State").ToString());
        Assert.False(Http.Answers(stopped.Get<Uri>("Uri")));
        Assert.DoesNotContain(stopped.ToString(), _session.Run("Get-RegistryServer").Texts());
    }

    [Fact]
    public void Without_words_the_one_server_of_the_session_stops_and_no_other()
    {
        using var other = new Session();
        var kept = Assert.Single(other.Run("Start-RegistryServer -InMemory"));
        var stopped = Assert.Single(_session.Run("$s = Start-RegistryServer -InMemory; Stop-RegistryServer; $s"));
        Assert.Equal("Stopped", stopped.Get<object>("State").ToString());
        Assert.Equal("Running", kept.Get<object>("State").ToString());
    }

    [Fact]
    public void Without_a_server_there_is_nothing_to_stop() =>
        Assert.Equal("NoRegistryServer,PSRegistry.Commands.StopRegistryServerCommand", _session.Fails("Stop-RegistryServer").FullyQualifiedErrorId);

    [Fact]
    public void With_several_servers_it_does_not_guess()
    {
        var servers = _session.Run("1..2 | ForEach-Object { Start-RegistryServer -InMemory }");
        var error = _session.Fails("Stop-RegistryServer");
        Assert.Equal("SeveralRegistryServers,PSRegistry.Commands.StopRegistryServerCommand", error.FullyQualifiedErrorId);
        Assert.All(servers, server => Assert.Contains(server.ToString(), error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void What_if_stops_nothing()
    {
        var server = Assert.Single(_session.Run("$s = Start-RegistryServer -InMemory; $s | Stop-RegistryServer -WhatIf; $s"));
        Assert.Equal("Running", server.Get<object>("State").ToString());
    }

    [Fact]
    public void A_stopped_server_may_be_stopped_again() =>
        _session.Run("$s = Start-RegistryServer -InMemory; $s | Stop-RegistryServer; $s | Stop-RegistryServer -Force");

    [Fact]
    public async Task A_request_in_flight_comes_to_its_end_unless_forced()
    {
        var address = Assert.Single(_session.Run("($s = Start-RegistryServer -InMemory)")).Get<Uri>("Uri");
        using var http = new RegistryHttp(address);
        var upload = await http.BeginUploadAsync("slow", Token);
        using var content = new PausedContent(TestBytes.Make(1000), pauseAt: 500);
        var patching = http.SendAsync(HttpMethod.Patch, upload.Location, content, Token);
        await content.Paused.WaitAsync(Token);
        var stopping = Task.Run(() => _session.Run("$s | Stop-RegistryServer"), Token);
        content.Resume();
        Assert.Equal(System.Net.HttpStatusCode.Accepted, (await patching).Status);
        await stopping;
    }

    [Fact]
    public void The_end_of_a_runspace_ends_its_servers()
    {
        PSObject server;
        using (var passing = new Session())
            server = Assert.Single(passing.Run("Start-RegistryServer -InMemory"));
        Assert.Equal("Stopped", server.Get<object>("State").ToString());
        Assert.False(Http.Answers(server.Get<Uri>("Uri")));
    }

    [Fact]
    public void Removing_the_module_ends_the_servers_of_that_runspace_alone()
    {
        using var other = new Session();
        var kept = Assert.Single(other.Run("Start-RegistryServer -InMemory"));
        var ended = Assert.Single(_session.Run("$s = Start-RegistryServer -InMemory; Remove-Module PSRegistry; $s"));
        Assert.Equal("Stopped", ended.Get<object>("State").ToString());
        Assert.Equal("Running", kept.Get<object>("State").ToString());
    }

    [Fact]
    public void Importing_the_module_again_by_force_ends_the_servers_and_starts_new_ones()
    {
        var servers = _session.Run($"$s = Start-RegistryServer -InMemory; Import-Module '{ModuleFolder.Manifest}' -Force; $s; Start-RegistryServer -InMemory");
        Assert.Equal(["Stopped", "Running"], servers.Select(server => server.Get<object>("State").ToString()));
    }

    [Fact]
    public async Task Ctrl_C_ends_a_waiting_server_and_its_log()
    {
        using var shell = _session.Shell("Start-RegistryServer -InMemory -Wait");
        using var output = new PSDataCollection<PSObject>();
        var serving = shell.InvokeAsync<PSObject, PSObject>(null, output);
        while (output.Count == 0)
            await Task.Delay(20, Token);
        var address = new Uri(((IEnumerable<KeyValuePair<string, object?>>)output[0].Properties["Fields"].Value).First(field => field.Key == "Uri").Value!.ToString()!);
        using (var http = new RegistryHttp(address))
            await http.GetAsync("/v2/", Token);
        while (!output.Any(record => record.ToString().Contains("http.response.status=200", StringComparison.Ordinal)))
            await Task.Delay(20, Token);
        await shell.StopAsync(null, null);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => serving);
        Assert.False(Http.Answers(address));
    }

    [Fact]
    public async Task The_log_of_a_waiting_server_ends_when_another_runspace_stops_it()
    {
        using var shell = _session.Shell("Start-RegistryServer -InMemory -Wait; 'over'");
        using var output = new PSDataCollection<PSObject>();
        var serving = shell.InvokeAsync<PSObject, PSObject>(null, output);
        while (output.Count == 0)
            await Task.Delay(20, Token);
        var address = ((IEnumerable<KeyValuePair<string, object?>>)output[0].Properties["Fields"].Value).First(field => field.Key == "Uri").Value!.ToString();
        using (var other = new Session())
            other.Run($"Get-RegistryServer '{address}' | Stop-RegistryServer");
        await serving;
        Assert.Equal("over", output.Last().ToString());
    }

    [Fact]
    public async Task A_pipeline_that_is_broken_off_ends_a_waiting_server()
    {
        var output = await Task.Run(() => _session.Run("foreach ($i in 1) { Start-RegistryServer -InMemory -Wait | ForEach-Object { $_; break } }"), Token);
        var address = new Uri(((IEnumerable<KeyValuePair<string, object?>>)Assert.Single(output).Properties["Fields"].Value).First(field => field.Key == "Uri").Value!.ToString()!);
        Assert.False(Http.Answers(address));
    }
}
