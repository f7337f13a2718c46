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

namespace PSRegistry.Server;

/// <summary>A running registry: storage, API and listener. Several may run in one process.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TimeSpan _drainTimeout;
    private WebApplication? _debug;
    private HealthMonitor? _health;
    private HtpasswdAccess? _access;
    private UploadPurging? _purging;
    private bool _stopped;

    private RegistryServer(WebApplication application, RegistryConfiguration configuration)
    {
        _application = application;
        _drainTimeout = configuration.Http.DrainTimeout;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Addresses = [.. addresses.Where(address => !PriorKnowledge.IsNowhere(address)).Select(address => new Uri(address))];
    }

    /// <summary>
    /// Where it listens, with the port that was found when 0 was asked for. A Unix socket is <c>http://unix:/path</c>.
    /// </summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The user in the htpasswd file that was made because there was none; null when there was one.</summary>
    public NewUser? NewUser { get; private init; }

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
        var access = HtpasswdAccess.Open(configuration.Auth, log);
        var health = WatchHealth(configuration, storage, log);

        var registry = new RegistryContext(storage, configuration, new UrlBuilder(configuration.Http), secret);
        RequestDelegate handler = new RegistryApplication(registry, new RequestGate(health, access), log).HandleAsync;
        if (!configuration.Log.AccessLogDisabled)
            handler = AccessLog.Around(handler, logging.CreateLogger(AccessLog.Category));
        var application = WebServer.Build(logging, kestrel => ListenerSetup.Configure(kestrel, configuration.Http));
        application.Run(handler);
        await WebServer.StartAsync(application, configuration.Http.SocketPath ?? configuration.Http.Addr.ToString(), "http.addr (or REGISTRY_HTTP_ADDR)", cancellationToken);
        var server = new RegistryServer(application, configuration)
        {
            NewUser = newUser,
            _health = health,
            _access = access,
            _purging = StartPurging(configuration, storage, log),
        };
        health?.Start();
        try
        {
            if (configuration.Http.DebugAddr is { } debug)
                server._debug = await DebugListener.StartAsync(debug, health, logging, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening, lets requests in flight end within the drain timeout, and breaks off the rest.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_stopped)
            return;
        _stopped = true;
        if (_purging is not null)
            await _purging.DisposeAsync();
        if (_health is not null)
            await _health.DisposeAsync();
        using var drained = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        drained.CancelAfter(_drainTimeout);
        await _application.StopAsync(drained.Token);
        if (_debug is not null)
            await _debug.DisposeAsync();
    }

    /// <summary>Stops and releases everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _application.DisposeAsync();
        _access?.Dispose();
    }

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
}
