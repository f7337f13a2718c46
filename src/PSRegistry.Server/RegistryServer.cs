using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Health;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server;

/// <summary>A running registry: storage, API and listener. Several may run in one process.</summary>
public sealed partial class RegistryServer : IRegistryServer
{
    private readonly WebApplication _application;
    private readonly TrafficCounter _traffic;
    private readonly TimeSpan _drainTimeout;
    private readonly RegistryConfiguration _configuration;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _breakOff = new();
    private WebApplication? _debug;
    private HealthMonitor? _health;
    private IDisposable? _access;
    private UploadPurging? _purging;
    private Task? _stopping;

    private RegistryServer(WebApplication application, RegistryConfiguration configuration, TrafficCounter traffic)
    {
        _application = application;
        _configuration = configuration;
        _traffic = traffic;
        _drainTimeout = configuration.Http.DrainTimeout;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Addresses = [.. addresses.Where(address => !PriorKnowledge.IsNowhere(address)).Select(address => new Uri(address))];
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
    public string Version => typeof(RegistryServer).Assembly.GetName().Version!.ToString(3);

    /// <inheritdoc/>
    public DateTimeOffset StartedAt { get; }

    /// <inheritdoc/>
    public NewUser? NewUser { get; private init; }

    /// <inheritdoc/>
    public ServerTraffic Traffic => _traffic.Total;

    /// <inheritdoc/>
    public AccessAnswer Explain(AccessQuestion question) => AccessExplainer.Explain(_configuration, question);

    /// <summary>Starts a registry and returns when it listens.</summary>
    /// <param name="configuration">What to serve and how.</param>
    /// <param name="logging">Where its log goes.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="RegistryStartException">The address is in use, or a file or folder cannot be used.</exception>
    public static async Task<RegistryServer> StartAsync(
        RegistryConfiguration configuration, ILoggerFactory logging, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(logging);
        var log = logging.CreateLogger("PSRegistry.Server");
        var storage = StorageSetup.Open(configuration);
        var secret = StorageSetup.FindUploadSecret(configuration, log);
        var newUser = configuration.Auth.Htpasswd is { } htpasswd ? HtpasswdProvision.MakeIfMissing(htpasswd.Path) : null;
        var access = AccessSetup.Open(configuration, logging);
        var health = WatchHealth(configuration, storage, log);

        var registry = new RegistryContext(storage, configuration, new UrlBuilder(configuration.Http), secret, new TrafficCounter(), access.Issuer);
        RequestDelegate handler = new RegistryApplication(registry, new RequestGate(health, access.Gate), log).HandleAsync;
        if (!configuration.Log.AccessLogDisabled)
            handler = AccessLog.Around(handler, logging.CreateLogger(AccessLog.Category));
        var application = WebServer.Build(logging, kestrel => ListenerSetup.Configure(kestrel, configuration.Http));
        application.Run(handler);
        await WebServer.StartAsync(application, configuration.Http.SocketPath ?? configuration.Http.Addr.ToString(), "http.addr (or REGISTRY_HTTP_ADDR)", cancellationToken);
        var server = new RegistryServer(application, configuration, registry.Traffic)
        {
            NewUser = newUser,
            _health = health,
            _access = access.Held,
            _purging = StartPurging(configuration, storage, log),
        };
        health?.Start();
        try
        {
            if (configuration.Http.DebugAddr is { } debug)
                server._debug = await DebugListener.StartAsync(debug, health, logging, cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        Log.Listening(log, server.Uri, server.Version);
        return server;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken breakOff = default)
    {
        Task stopping;
        lock (_gate)
            stopping = _stopping ??= DrainAsync();
        await using var registration = breakOff.Register(_breakOff.Cancel);
        await stopping;
    }

    /// <summary>Stops and releases everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _application.DisposeAsync();
        _access?.Dispose();
        _breakOff.Dispose();
    }

    private async Task DrainAsync()
    {
        if (_purging is not null)
            await _purging.DisposeAsync();
        if (_health is not null)
            await _health.DisposeAsync();
        _breakOff.CancelAfter(_drainTimeout);
        await _application.StopAsync(_breakOff.Token);
        if (_debug is not null)
            await _debug.DisposeAsync();
    }

    /// <summary>Nobody can call "every interface"; from this machine the loopback address will do.</summary>
    private static Uri Reachable(Uri address) => address.Host is "[::]" or "0.0.0.0" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;

    private static HealthMonitor? WatchHealth(RegistryConfiguration configuration, IRegistry registry, ILogger log)
    {
        var probes = HealthProbes.Of(configuration, registry);
        return probes.Count > 0 ? new HealthMonitor(probes, log) : null;
    }

    private static UploadPurging? StartPurging(RegistryConfiguration configuration, Storage.StorageRegistry storage, ILogger log)
    {
        if (!configuration.Storage.UploadPurging.Enabled || configuration.Storage.ReadOnly)
            return null;
        var purging = new UploadPurging(storage, configuration.Storage.UploadPurging, log);
        purging.Start();
        return purging;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "psregistry {Version} serves {Uri}")]
        public static partial void Listening(ILogger log, Uri uri, string version);
    }
}
