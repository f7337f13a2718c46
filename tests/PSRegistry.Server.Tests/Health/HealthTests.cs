using System.Net;
using System.Net.Sockets;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Health;

/// <summary>What is looked at, what /debug/health tells of it, and what requests are answered meanwhile.</summary>
public sealed class HealthTests : IDisposable
{
    private static readonly HealthInterval Often = new(TimeSpan.FromMilliseconds(20), 0);

    private readonly TemporaryFolder _folder = new();
    private readonly int _debugPort = FreePort.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_checks_the_registry_is_well()
    {
        await using var registry = await StartAsync(new());
        using var debug = Debug();
        var answer = (await debug.GetAsync("/debug/health", Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal("{}", answer.Text.Trim());
        Assert.Equal("application/json", answer.Header("Content-Type"));
    }

    [Theory]
    [InlineData("POST", "/debug/health")]
    [InlineData("GET", "/")]
    [InlineData("GET", "/v2/")]
    [InlineData("GET", "/metrics")]
    public async Task Nothing_else_is_at_that_address(string method, string path)
    {
        await using var registry = await StartAsync(new());
        using var debug = Debug();
        (await debug.SendAsync(new HttpMethod(method), path, null, Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task While_a_file_is_there_every_request_is_503_and_afterwards_not()
    {
        var down = _folder["down"];
        await using var registry = await StartAsync(new() { Files = [new FileHealthCheck(down, Often)] });
        using var debug = Debug();
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        await File.WriteAllTextAsync(down, "", Token);
        await UntilAsync(debug, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("file exists", (string?)(await debug.GetAsync("/debug/health", Token)).Json[down]);
        foreach (var path in new[] { "/v2/", "/", "/v2/a/tags/list" })
        {
            var answer = (await registry.Http.GetAsync(path, Token)).MustBe(HttpStatusCode.ServiceUnavailable);
            Assert.Equal("UNAVAILABLE", (string?)answer.Json["errors"]![0]!["code"]);
        }
        File.Delete(down);
        await UntilAsync(debug, HttpStatusCode.OK);
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_port_that_is_closed_is_told()
    {
        var port = FreePort.Next();
        await using var registry = await StartAsync(new() { Ports = [new TcpHealthCheck(new ListenAddress("127.0.0.1", port), Often)] });
        using var debug = Debug();
        await UntilAsync(debug, HttpStatusCode.ServiceUnavailable);
        Assert.Equal($"connection to 127.0.0.1:{port} failed", (string?)(await debug.GetAsync("/debug/health", Token)).Json[$"127.0.0.1:{port}"]);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        await UntilAsync(debug, HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_address_must_answer_with_its_status()
    {
        await using var other = await TestRegistry.StartAsync();
        var uri = new Uri(other.Http.Address, "/v2/nothing");
        await using var registry = await StartAsync(new() { Addresses = [new HttpHealthCheck(uri, Often)] });
        using var debug = Debug();
        await UntilAsync(debug, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("downstream service returned unexpected status: 404", (string?)(await debug.GetAsync("/debug/health", Token)).Json[uri.ToString()]);
    }

    [Fact]
    public async Task An_address_is_well_with_the_status_that_is_expected()
    {
        await using var other = await TestRegistry.StartAsync();
        var check = new HttpHealthCheck(new Uri(other.Http.Address, "/v2/nothing"), Often) { StatusCode = 404 };
        await using var registry = await StartAsync(new() { Addresses = [check] });
        await WaitUntilLookedAsync(other);
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Failures_count_from_the_threshold_on()
    {
        var down = _folder["down"];
        await File.WriteAllTextAsync(down, "", Token);
        var never = new HealthInterval(TimeSpan.FromMilliseconds(20), int.MaxValue);
        await using var registry = await StartAsync(new() { Files = [new FileHealthCheck(down, never), new FileHealthCheck(_folder.Path, Often with { Threshold = 5 })] });
        using var debug = Debug();
        await UntilAsync(debug, HttpStatusCode.ServiceUnavailable);
        Assert.Equal([_folder.Path], (await debug.GetAsync("/debug/health", Token)).Json.AsObject().Select(check => check.Key));
    }

    [Fact]
    public async Task A_data_folder_that_goes_away_is_told()
    {
        var data = _folder["data"];
        await using var registry = await TestRegistry.StartAsync(configuration => Listening(configuration) with
        {
            Health = new() { StorageDriver = Often },
            Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = data, UploadPurging = new() { Enabled = false } },
        });
        using var debug = Debug();
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        Directory.Move(data, data + ".gone");
        await UntilAsync(debug, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull((await debug.GetAsync("/debug/health", Token)).Json["storagedriver_filesystem"]);
        Directory.Move(data + ".gone", data);
        await UntilAsync(debug, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_debug_address_in_use_stops_the_start_and_leaves_nothing_listening()
    {
        using var holder = new TcpListener(IPAddress.Loopback, _debugPort);
        holder.Start();
        var port = FreePort.Next();
        var fault = await Assert.ThrowsAsync<RegistryStartException>(() => TestRegistry.StartAsync(configuration =>
            Listening(configuration) with { Http = Listening(configuration).Http with { Addr = new ListenAddress("127.0.0.1", port) } }));
        Assert.Contains("http.debug.addr", fault.Message, StringComparison.Ordinal);
        Assert.False(FreePort.IsTaken(port));
    }

    private static async Task WaitUntilLookedAsync(TestRegistry other)
    {
        while (other.LogLines.Count < 3)
            await Task.Delay(10, Token);
    }

    private static async Task UntilAsync(RegistryHttp debug, HttpStatusCode status)
    {
        for (var attempt = 0; (await debug.GetAsync("/debug/health", Token)).Status != status; attempt++)
        {
            Assert.True(attempt < 500, $"/debug/health never answered {status}");
            await Task.Delay(20, Token);
        }
    }

    private RegistryConfiguration Listening(RegistryConfiguration configuration) =>
        configuration with { Http = configuration.Http with { DebugAddr = new ListenAddress("127.0.0.1", _debugPort) } };

    private RegistryHttp Debug() => new(new Uri($"http://127.0.0.1:{_debugPort}/"));

    private Task<TestRegistry> StartAsync(HealthConfiguration health) => TestRegistry.StartAsync(configuration => Listening(configuration) with { Health = health });
}
