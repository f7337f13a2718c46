using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using PSRegistry.Server;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Telemetry;
using Xunit;

namespace PSRegistry.Testing;

/// <summary>A registry of ours inside the test process, listening on a port of its own.</summary>
public sealed class TestRegistry : IAsyncDisposable
{
    private readonly LogText _text;
    private readonly RegistryLoggerProvider _provider;
    private readonly LoggerFactory _logging;

    private TestRegistry(RegistryServer server, LogText text, RegistryLoggerProvider provider, LoggerFactory logging)
    {
        Server = server;
        _text = text;
        _provider = provider;
        _logging = logging;
        Http = new RegistryHttp(server.Addresses[0]);
    }

    /// <summary>The server.</summary>
    public RegistryServer Server { get; }

    /// <summary>Speaks to it.</summary>
    public RegistryHttp Http { get; }

    /// <summary>The lines it has logged so far.</summary>
    public IReadOnlyCollection<string> LogLines => _text.Lines;

    /// <summary>Waits until a line like this is logged: the log is written beside the requests.</summary>
    public async Task WaitForLogAsync(Func<string, bool> isMeant, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 500 && !LogLines.Any(isMeant); i++)
            await Task.Delay(20, cancellationToken);
        Assert.Contains(LogLines, line => isMeant(line));
    }

    /// <summary>Starts a registry in memory that allows deletion, changed as the test needs it.</summary>
    public static async Task<TestRegistry> StartAsync(Func<RegistryConfiguration, RegistryConfiguration>? change = null)
    {
        var configuration = new RegistryConfiguration
        {
            Storage = new StorageConfiguration { Driver = StorageDriverKind.InMemory, DeleteEnabled = true },
            Http = new HttpConfiguration { Addr = new ListenAddress("127.0.0.1", 0) },
        };
        configuration = change?.Invoke(configuration) ?? configuration;
        var text = new LogText();
        var provider = new RegistryLoggerProvider(configuration.Log, text);
        var logging = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        return new TestRegistry(await RegistryServer.StartAsync(configuration, logging), text, provider, logging);
    }

    /// <summary>Starts a registry over a folder.</summary>
    public static Task<TestRegistry> StartAsync(TemporaryFolder folder) => StartAsync(configuration => configuration with
    {
        Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = folder.Path },
    });

    /// <summary>Starts a registry as a configuration file says, so that it can be read again.</summary>
    public static async Task<TestRegistry> StartAsync(ConfigurationSource source)
    {
        var read = ConfigurationLoader.Load(source);
        Assert.NotNull(read.Configuration);
        var text = new LogText();
        var provider = new RegistryLoggerProvider(read.Configuration.Log, text);
        var logging = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        return new TestRegistry(await RegistryServer.StartAsync(read, logging, changed => provider.Apply(changed.Log)), text, provider, logging);
    }

    /// <summary>Sends bytes over a connection of its own and reads until the server closes it: for what no client library sends.</summary>
    public async Task<string> SendRawAsync(string request, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Server.Addresses[0].Port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        _logging.Dispose();
        _provider.Dispose();
        await _text.DisposeAsync();
    }

    private sealed class LogText : StringWriter
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public override Task WriteLineAsync(string? value)
        {
            _lines.Enqueue(value ?? "");
            return Task.CompletedTask;
        }
    }
}
