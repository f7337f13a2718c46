using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>What the program tells a service manager that listens at NOTIFY_SOCKET as systemd does: datagrams of lines, sd_notify(3).</summary>
public sealed class SystemdTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _manager.Dispose();
        await _folder.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_tells_when_it_is_ready_reloads_and_stops(bool isAbstract)
    {
        await using var program = Start(Listen(isAbstract));
        var ready = await ReceiveAsync();
        Assert.Equal("1", ready["READY"]);
        Assert.StartsWith("listens on http://127.0.0.1:", ready["STATUS"], StringComparison.Ordinal);

        Write("  maintenance: {readonly: {enabled: true}}");
        var before = Microseconds();
        program.Signal(ProgramSignal.HangUp);
        var reloading = await ReceiveAsync();
        Assert.Equal("1", reloading["RELOADING"]);
        Assert.InRange(long.Parse(reloading["MONOTONIC_USEC"], CultureInfo.InvariantCulture), before, Microseconds());
        var again = await ReceiveAsync();
        Assert.Equal("1", again["READY"]);
        Assert.Equal("configuration read again: storage.maintenance.readonly.enabled changed", again["STATUS"]);

        program.Signal(ProgramSignal.Terminate);
        var stopping = await ReceiveAsync();
        Assert.Equal("1", stopping["STOPPING"]);
        Assert.True(long.Parse(stopping["EXTEND_TIMEOUT_USEC"], CultureInfo.InvariantCulture) > 7_000_000);
        Assert.Equal(0, await program.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task A_faulty_configuration_ends_the_reload_with_the_reason()
    {
        await using var program = Start(Listen(isAbstract: false));
        await ReceiveAsync();
        Write("  mainenance: {readonly: {enabled: true}}");
        program.Signal(ProgramSignal.HangUp);
        Assert.Equal("1", (await ReceiveAsync())["RELOADING"]);
        var again = await ReceiveAsync();
        Assert.Equal("1", again["READY"]);
        Assert.Contains("config.yml:5", again["STATUS"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watchdog_hears_of_it_again_and_again()
    {
        await using var program = Start(Listen(isAbstract: false), ("WATCHDOG_USEC", "200000"), ("WATCHDOG_PID", ""));
        for (var heard = 0; heard < 3;)
            heard += (await ReceiveAsync()).GetValueOrDefault("WATCHDOG") == "1" ? 1 : 0;
    }

    [Fact]
    public async Task The_watchdog_of_another_process_hears_nothing()
    {
        await using var program = Start(Listen(isAbstract: false), ("WATCHDOG_USEC", "1000"), ("WATCHDOG_PID", "1"));
        Assert.Equal("1", (await ReceiveAsync())["READY"]);
        program.Signal(ProgramSignal.Terminate);
        Assert.Equal("1", (await ReceiveAsync())["STOPPING"]);
    }

    [Fact]
    public async Task A_manager_that_is_gone_stops_nothing()
    {
        await using var program = Start(_folder["nobody"]);
        await program.WaitForLineAsync(new("listens on"), Token);
        program.Signal(ProgramSignal.Terminate);
        Assert.Equal(0, await program.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }

    /// <summary>The clock of MONOTONIC_USEC is CLOCK_MONOTONIC, which is .NET's stopwatch on Linux.</summary>
    private static long Microseconds() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    private string Listen(bool isAbstract)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is a program of Linux.");
        var path = isAbstract ? $"@psregistry-test-{Guid.NewGuid():N}" : _folder["notify"];
        _manager.Bind(new UnixDomainSocketEndPoint(isAbstract ? '\0' + path[1..] : path));
        return path;
    }

    private async Task<Dictionary<string, string>> ReceiveAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        var count = await _manager.ReceiveAsync(buffer, limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, count).Split('\n').Select(line => line.Split('=', 2)).ToDictionary(line => line[0], line => line[1]);
    }

    private RunningProgram Start(string socket, params (string Name, string Value)[] variables) =>
        RunningProgram.Start(PSRegistryProgram.Command("serve", Write("")).With(
            variables.Append(("NOTIFY_SOCKET", socket)).ToDictionary(variable => variable.Item1, variable => (string?)variable.Item2)));

    private string Write(string storage)
    {
        File.WriteAllText(_folder["config.yml"], $"""
            version: 0.1
            http: {"{"}addr: '127.0.0.1:0', draintimeout: 7s{"}"}
            storage:
              filesystem: {"{"}rootdirectory: '{_folder["data"]}'{"}"}
            {storage}
            """);
        return _folder["config.yml"];
    }
}
