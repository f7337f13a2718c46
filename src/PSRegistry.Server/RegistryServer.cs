using Microsoft.Extensions.Logging;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Health;
using PSRegistry.Server.Notifications;
using PSRegistry.Server.Serving;
using PSRegistry.Server.Telemetry;
using PSRegistry.Server.Tls;

namespace PSRegistry.Server;

/// <summary>A running registry: storage, API and listener. Several may run in one process.</summary>
public sealed partial class RegistryServer : IRegistryServer
{
    /// <summary>What a connection may take to come about, and then to its first request, where a delay says that somebody cares.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(250);

    private readonly WebServer _web;
    private readonly Foundation _foundation;
    private readonly LiveConfiguration _live;
    private readonly Readiness _readiness;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _breakOff = new();
    private readonly CancellationTokenSource _breakOffEvents = new();
    private WebServer? _debug;
    private Task? _stopping;

    private RegistryServer(WebServer web, LiveConfiguration live, Foundation foundation)
    {
        var configuration = live.Current.Configuration;
        _web = web;
        _live = live;
        _foundation = foundation;
        _readiness = new Readiness(() => live.Current.Health, foundation.Draining);
        Addresses = [.. web.Addresses.Select(address => new Uri(address))];
        Uri = new Uri(configuration.Http.SocketPath is null ? Reachable(Addresses[0]) : new Uri("http://localhost"), configuration.Http.Prefix);
        DataFolder = configuration.Storage.Driver == StorageDriverKind.InMemory ? null : Path.GetFullPath(configuration.Storage.RootDirectory);
        ConfigurationPath = configuration.Path;
        StartedAt = DateTimeOffset.UtcNow;
    }

    /// <inheritdoc/>
    /// <remarks>A Unix socket is <c>http://unix:/path</c>.</remarks>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <inheritdoc/>
    public Uri Uri { get; }

    /// <inheritdoc/>
    public string? DataFolder { get; }

    /// <inheritdoc/>
    public string? ConfigurationPath { get; }

    /// <inheritdoc/>
    public DateTimeOffset ConfiguredAt => _live.ReadAt;

    /// <inheritdoc/>
    public string Version => typeof(RegistryServer).Assembly.GetName().Version!.ToString(3);

    /// <inheritdoc/>
    public DateTimeOffset StartedAt { get; }

    /// <inheritdoc/>
    public NewUser? NewUser { get; private init; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> FailingChecks => _readiness.Failing;

    /// <inheritdoc/>
    public ServerTraffic Traffic => _foundation.Telemetry.Traffic.Total;

    /// <inheritdoc/>
    public string? EventFolder => (Events.Outbox as OutboxFolder)?.Folder is { } own ? Path.GetDirectoryName(own) : null;

    /// <inheritdoc/>
    public IAsyncEnumerable<EventRecord> WatchEvents(DateTimeOffset? since, bool follow, CancellationToken cancellationToken = default) =>
        Events.WatchAsync(since, follow, cancellationToken);

    internal RegistryEvents Events => _foundation.Events;

    /// <summary>Whether it is being stopped: it may still answer, but no new requests should come to it.</summary>
    public bool IsDraining => _foundation.Draining.HasBegun;

    /// <summary>Starts a registry with settings that are written nowhere, and returns when it listens.</summary>
    /// <param name="configuration">What to serve and how.</param>
    /// <param name="logging">Where its log goes.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="RegistryStartException">The address is in use, or a file or folder cannot be used.</exception>
    public static Task<RegistryServer> StartAsync(RegistryConfiguration configuration, ILoggerFactory logging, CancellationToken cancellationToken = default) =>
        StartAsync(new ConfigurationResult(configuration, []), logging, null, cancellationToken);

    /// <summary>Starts a registry and returns when it listens.</summary>
    /// <param name="read">What to serve and how, as it was read, and can be read again.</param>
    /// <param name="logging">Where its log goes.</param>
    /// <param name="applied">Is told every configuration that comes to count while it runs; null for nobody.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="RegistryStartException">The address is in use, or a file or folder cannot be used.</exception>
    /// <exception cref="ArgumentException">There is no configuration, but faults.</exception>
    public static async Task<RegistryServer> StartAsync(
        ConfigurationResult read, ILoggerFactory logging, Action<RegistryConfiguration>? applied, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(logging);
        var configuration = read.Configuration ?? throw new ArgumentException("The configuration has faults.", nameof(read));
        var log = logging.CreateLogger("PSRegistry.Server");
        var telemetry = await ServerTelemetry.StartAsync(configuration, logging, log);
        NewUser? newUser = null;
        try
        {
            newUser = configuration.Auth.Htpasswd is { } htpasswd ? HtpasswdProvision.MakeIfMissing(htpasswd.Path) : null;
            return await StartAsync(configuration, read, logging, log, telemetry, newUser, applied, cancellationToken);
        }
        catch
        {
            // Nobody was told the password, and nobody else knows it.
            if (newUser is not null)
                HtpasswdProvision.TakeBack(configuration.Auth.Htpasswd!.Path);
            await telemetry.DisposeAsync();
            throw;
        }
    }

    private static async Task<RegistryServer> StartAsync(
        RegistryConfiguration configuration,
        ConfigurationResult read,
        ILoggerFactory logging,
        ILogger log,
        ServerTelemetry telemetry,
        NewUser? newUser,
        Action<RegistryConfiguration>? applied,
        CancellationToken cancellationToken)
    {
        var storage = StorageSetup.Open(configuration, telemetry.Meters.StorageMeter);
        var secret = StorageSetup.FindUploadSecret(configuration, log);
        var tls = configuration.Http.Tls is { } spoken ? LiveTls.Open(spoken, !configuration.Http.Http2Disabled, log) : null;
        var events = await RegistryEvents.OpenAsync(configuration, log, telemetry.Meters.ServerMeter);
        RegistryServer server;
        LiveConfiguration live;
        try
        {
            var foundation = new Foundation(storage, secret, telemetry, logging, log, tls) { Events = events };
            live = new LiveConfiguration(Generation.First(foundation, configuration), read, log, applied);
            var web = new WebServer(logging, kestrel => ListenerSetup.Configure(kestrel, configuration.Http, tls), live.HandleAsync);
            await web.StartAsync(configuration.Http.SocketPath ?? configuration.Http.Addr.ToString(), "http.addr (or REGISTRY_HTTP_ADDR)", cancellationToken);
            server = new RegistryServer(web, live, foundation) { NewUser = newUser };
        }
        catch
        {
            await events.DisposeAsync();
            throw;
        }
        if (configuration.Http.SocketPath is null)
            events.Source.ListensOn(server.Addresses[0].Port);
        telemetry.Meters.Watch(telemetry.Traffic, server._readiness);
        live.Current.Start();
        try
        {
            if (configuration.Http.DebugAddr is { } debug)
                server._debug = await new DebugListener(server._readiness, telemetry.Metrics, configuration.Http.MetricsPath ?? "").StartAsync(debug, logging, cancellationToken);
        }
        catch
        {
            await server.StopAsync(new CancellationToken(canceled: true));
            await server.DisposeAsync();
            throw;
        }
        Log.Listening(log, server.Uri, server.Version);
        return server;
    }

    /// <inheritdoc/>
    public AccessAnswer Explain(AccessQuestion question) => AccessExplainer.Explain(_live.Current.Configuration, question);

    /// <inheritdoc/>
    public Task<ServerReload> ReloadAsync(IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default) =>
        _live.ReloadAsync(environment, cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken breakOff = default)
    {
        Task stopping;
        lock (_gate)
            stopping = _stopping ??= DrainAsync();
        await using var registration = breakOff.Register(() =>
        {
            _breakOff.Cancel();
            _breakOffEvents.Cancel();
        });
        await stopping;
    }

    /// <summary>Stops and releases everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _web.DisposeAsync();
        await Events.DisposeAsync();
        await _foundation.Telemetry.DisposeAsync();
        _breakOff.Dispose();
        _breakOffEvents.Dispose();
    }

    private async Task DrainAsync()
    {
        _foundation.Draining.Begin();
        var http = _live.Current.Configuration.Http;
        Log.Draining(_foundation.Log, http.DrainDelay, http.DrainTimeout);
        await Task.Delay(http.DrainDelay, _breakOff.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _live.EndAsync();
        var grace = http.DrainDelay < LastWords ? http.DrainDelay : LastWords;
        _breakOff.CancelAfter(http.DrainTimeout + (2 * grace));
        await _web.StopAsync(_breakOff.Token, grace);
        await Events.DrainAsync(_breakOffEvents.Token);
        if (_debug is not null)
            await _debug.DisposeAsync();
    }

    /// <summary>Nobody can call "every interface"; from this machine the loopback address will do.</summary>
    private static Uri Reachable(Uri address) => address.Host is "[::]" or "0.0.0.0" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;

    private static partial class Log
    {
        [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "psregistry {Version} serves {Uri}")]
        public static partial void Listening(ILogger log, Uri uri, string version);

        [LoggerMessage(EventId = 36, Level = LogLevel.Information, Message = "stopping: new requests are answered for {Delay} more, then those in flight may take {Timeout} to end")]
        public static partial void Draining(ILogger log, TimeSpan delay, TimeSpan timeout);
    }
}
