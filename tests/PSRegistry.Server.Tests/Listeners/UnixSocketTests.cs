using System.Net.Sockets;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Listeners;

/// <summary>http.net: unix.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => _folder["r.sock"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_answers_at_the_socket_and_tells_so()
    {
        await using var registry = await StartAsync();
        Assert.Equal("{}", await AskAsync());
        Assert.Equal($"http://unix:{Path}", Assert.Single(registry.Server.Addresses).OriginalString);
    }

    [Fact]
    public async Task A_socket_that_an_earlier_run_left_behind_is_replaced()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Path));
            dead.Listen();
            // Closing takes the name away; a link keeps it.
            Assert.Equal(0, (await ProgramRun.OfAsync(new ProgramCommand("ln", [Path, _folder["left.sock"]]), Token)).ExitCode);
        }
        File.Move(_folder["left.sock"], Path, overwrite: true);
        await using var registry = await StartAsync();
        Assert.Equal("{}", await AskAsync());
    }

    [Fact]
    public async Task A_socket_that_somebody_listens_on_is_left_alone()
    {
        await using var first = await StartAsync();
        var fault = await Assert.ThrowsAsync<RegistryStartException>(StartAsync);
        Assert.Contains("somebody listens", fault.Message, StringComparison.Ordinal);
        Assert.Equal("{}", await AskAsync());
    }

    [Fact]
    public async Task What_is_no_socket_is_left_alone()
    {
        await File.WriteAllTextAsync(Path, "", Token);
        await Assert.ThrowsAsync<RegistryStartException>(StartAsync);
        Assert.True(File.Exists(Path));
        await File.WriteAllTextAsync(Path, "precious", Token);
        await Assert.ThrowsAsync<RegistryStartException>(StartAsync);
        Assert.Equal("precious", await File.ReadAllTextAsync(Path, Token));
        File.Delete(Path);
        Directory.CreateDirectory(Path);
        await Assert.ThrowsAsync<RegistryStartException>(StartAsync);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_stops_the_start()
    {
        var fault = await Assert.ThrowsAsync<RegistryStartException>(() => StartAsync(_folder["none", "r.sock"]));
        Assert.Contains("there is no folder", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "http.request.remoteaddr=192.0.2.7 ")]
    [InlineData(false, "http.request.remoteaddr=\"\" ")]
    public async Task Whoever_connects_to_it_is_a_proxy_that_can_be_trusted(bool isTrusted, string logged)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "paths of sockets differ there");
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Http = configuration.Http with { SocketPath = Path, TrustedProxies = new([System.Net.IPNetwork.Parse("0.0.0.0/0")], isTrusted) },
        });
        await AskAsync();
        await registry.WaitForLogAsync(line => line.Contains(logged, StringComparison.Ordinal), Token);
    }

    private Task<TestRegistry> StartAsync() => StartAsync(Path);

    private static Task<TestRegistry> StartAsync(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "paths of sockets differ there");
        return TestRegistry.StartAsync(configuration => configuration with { Http = configuration.Http with { SocketPath = path } });
    }

    private async Task<string> AskAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        return await client.GetStringAsync(new Uri("http://localhost/v2/"), Token);
    }
}
