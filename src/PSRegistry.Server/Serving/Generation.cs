using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Health;
using PSRegistry.Server.Http;
using PSRegistry.Server.Tls;
using PSRegistry.Storage;

namespace PSRegistry.Server.Serving;

/// <summary>
/// What requests are answered with, from one reading of the configuration to the next. A request that began under one ends under it,
/// whatever is read meanwhile; so nothing in here changes.
/// </summary>
internal sealed class Generation
{
    private readonly Foundation _foundation;
    private LiveTlsState? _tls;

    private Generation(Foundation foundation, RegistryConfiguration configuration, StorageRegistry storage, AccessSetup access, HealthMonitor? health, UploadPurging? purging)
    {
        _foundation = foundation;
        Configuration = configuration;
        Access = access;
        Health = health;
        Purging = purging;
        var urls = new UrlBuilder(configuration.Http);
        var events = new ContentEvents(foundation.Events, urls);
        var registry = new RegistryContext(storage, configuration, urls, foundation.UploadSecret, foundation.Telemetry.Traffic, events, access.Issuer)
        {
            Readiness = new Readiness(() => health, foundation.Draining),
            Observer = new RequestObserver(foundation.Telemetry.Meters),
            Audit = new AuditLog(configuration.Log.AuditDisabled ? NullLogger.Instance : foundation.Telemetry.Audit),
        };
        Handle = new RegistryApplication(registry, new RequestGate(health, access.Gate), foundation.Log).HandleAsync;
        Handle = foundation.Draining.Around(Handle);
        if (!configuration.Log.AccessLogDisabled)
            Handle = AccessLog.Around(Handle, foundation.Logging.CreateLogger(AccessLog.Category));
        if (configuration.Http.TrustedProxies is { } trusted)
            Handle = ForwardedClient.Before(Handle, trusted);
    }

    public RegistryConfiguration Configuration { get; }

    public RequestDelegate Handle { get; }

    public AccessSetup Access { get; }

    public HealthMonitor? Health { get; }

    public UploadPurging? Purging { get; }

    /// <exception cref="RegistryStartException">The keys of tokens cannot be read.</exception>
    public static Generation First(Foundation foundation, RegistryConfiguration configuration) => new(
        foundation,
        configuration,
        foundation.Storage,
        AccessSetup.Open(configuration, foundation.Logging, foundation.Telemetry.Meters.Auth),
        NewHealth(foundation, configuration),
        NewPurging(foundation, configuration));

    /// <summary>
    /// The one after this. What the changes leave alone goes over to it: who logged in is not asked to prove it once more, and what failed
    /// its health check goes on failing.
    /// </summary>
    /// <exception cref="RegistryStartException">The users, the keys of tokens, or the files of TLS cannot be read; nothing has changed.</exception>
    public Generation Next(RegistryConfiguration configuration, ConfigurationChanges changes)
    {
        var next = Beside(configuration, changes);
        if (changes.Touch("http.tls") && configuration.Http.Tls is { } tls)
            next._tls = _foundation.Tls?.Prepare(tls);
        return next;
    }

    private Generation Beside(RegistryConfiguration configuration, ConfigurationChanges changes) => new(
        _foundation,
        configuration,
        _foundation.Storage.With(StorageSetup.Options(configuration)),
        NextAccess(configuration, changes),
        changes.Touch("health") ? NewHealth(_foundation, configuration) : Health,
        changes.Touch("storage.maintenance") ? NewPurging(_foundation, configuration) : Purging);

    /// <summary>Has others told of events, or in another way.</summary>
    /// <exception cref="RegistryStartException">The outbox cannot be used; nothing has changed.</exception>
    public Task ApplyNotificationsAsync() => _foundation.Events.ApplyAsync(Configuration.Notifications);

    /// <summary>Begins what runs beside the requests, but for what the one before began. Nothing fails any more.</summary>
    public void Start(Generation? before = null)
    {
        if (_tls is not null)
            _foundation.Tls!.Take(_tls);
        if (Health != before?.Health)
            Health?.Start();
        if (Purging != before?.Purging)
            Purging?.Start();
    }

    /// <summary>
    /// Ends what runs beside the requests, but for what the one after goes on with. How people log in stays usable: a login may be under way.
    /// </summary>
    public async ValueTask EndAsync(Generation? after = null)
    {
        if (Purging is not null && Purging != after?.Purging)
            await Purging.DisposeAsync();
        if (Health is not null && Health != after?.Health)
            await Health.DisposeAsync();
    }

    /// <summary>Other rules leave alone who has logged in, and who has failed to.</summary>
    private AccessSetup NextAccess(RegistryConfiguration configuration, ConfigurationChanges changes) => 0 switch
    {
        // Challenges name the host.
        _ when changes.Touch("auth") || changes.Touch("http.host") => NewAccess(configuration, _foundation),
        _ when changes.Touch("access") => Access.WithRules(configuration),
        _ => Access,
    };

    /// <summary>Nobody is there to be shown the password of a user that would be made now.</summary>
    private static AccessSetup NewAccess(RegistryConfiguration configuration, Foundation foundation) => configuration.Auth.Htpasswd is { } htpasswd && !File.Exists(htpasswd.Path)
        ? throw new RegistryStartException(StartFailure.Setting, $"auth.htpasswd.path: there is no file '{Path.GetFullPath(htpasswd.Path)}'. Make it with htpasswd -B, or name another.")
        : AccessSetup.Open(configuration, foundation.Logging, foundation.Telemetry.Meters.Auth);

    private static HealthMonitor? NewHealth(Foundation foundation, RegistryConfiguration configuration)
    {
        var probes = HealthProbes.Of(configuration, foundation.Storage);
        return probes.Count > 0 ? new HealthMonitor(probes, foundation.Log) : null;
    }

    private static UploadPurging? NewPurging(Foundation foundation, RegistryConfiguration configuration) =>
        configuration.Storage is { ReadOnly: false, UploadPurging: { Enabled: true } purging } ? new UploadPurging(foundation.Storage, purging, foundation.Log) : null;
}
