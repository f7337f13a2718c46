using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server;

/// <summary>A running registry: storage, API and listener. Several may run in one process.</summary>
public sealed partial class RegistryServer : IRegistryServer
{
    private readonly WebApplication _application;
    private readonly UploadPurging? _purging;
    private readonly TimeSpan _drainTimeout;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _breakOff = new();
    private Task? _stopping;

    private RegistryServer(WebApplication application, UploadPurging? purging, RegistryConfiguration configuration)
    {
        _application = application;
        _purging = purging;
        _drainTimeout = configuration.Http.DrainTimeout;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Addresses = [.. addresses.Select(address => new Uri(address))];
        Uri = new Uri(Reachable(Addresses[0]), configuration.Http.Prefix);
        DataFolder = configuration.Storage.Driver == StorageDriverKind.InMemory ? null : Path.GetFullPath(configuration.Storage.RootDirectory);
        ConfigurationPath = configuration.Path;
        StartedAt = DateTimeOffset.UtcNow;
    }

    /// <inheritdoc/>
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

    /// <summary>Starts a registry and returns when it listens.</summary>
    /// <param name="configuration">What to serve and how.</param>
    /// <param name="logging">Where its log goes.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="RegistryStartException">The address is in use, or the data folder cannot be used.</exception>
    public static async Task<RegistryServer> StartAsync(
        RegistryConfiguration configuration, ILoggerFactory logging, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(logging);
        var log = logging.CreateLogger("PSRegistry.Server");
        var storage = StorageSetup.Open(configuration);
        var secret = StorageSetup.FindUploadSecret(configuration, log);
        var registry = new RegistryContext(storage, configuration, new UrlBuilder(configuration.Http), secret);
        RequestDelegate handler = new RegistryApplication(registry, log).HandleAsync;
        if (!configuration.Log.AccessLogDisabled)
            handler = AccessLog.Around(handler, logging.CreateLogger(AccessLog.Category));

        var application = Build(configuration, logging);
        application.Run(handler);
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (IOException fault)
        {
            await application.DisposeAsync();
            throw new RegistryStartException(StartFailure.Address, $"cannot listen on {configuration.Http.Addr}: {fault.InnerException?.Message ?? fault.Message}. Stop what listens there, or set http.addr (or REGISTRY_HTTP_ADDR) to another address.", fault);
        }
        var server = new RegistryServer(application, StartPurging(configuration, storage, log), configuration);
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
        _breakOff.Dispose();
    }

    private async Task DrainAsync()
    {
        if (_purging is not null)
            await _purging.DisposeAsync();
        _breakOff.CancelAfter(_drainTimeout);
        await _application.StopAsync(_breakOff.Token);
    }

    /// <summary>Nobody can call "every interface"; from this machine the loopback address will do.</summary>
    private static Uri Reachable(Uri address) => address.Host is "[::]" or "0.0.0.0" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;

    private static WebApplication Build(RegistryConfiguration configuration, ILoggerFactory logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(new ServerLogging(logging)));
        // The default one takes over Ctrl+C and signals of a process that may be someone's shell.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, UnattendedLifetime>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => ListenerSetup.Configure(kestrel, configuration.Http));
        return builder.Build();
    }

    private static UploadPurging? StartPurging(RegistryConfiguration configuration, Storage.StorageRegistry storage, ILogger log)
    {
        if (!configuration.Storage.UploadPurging.Enabled || configuration.Storage.ReadOnly)
            return null;
        var purging = new UploadPurging(storage, configuration.Storage.UploadPurging, log);
        purging.Start();
        return purging;
    }

    private sealed class UnattendedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "psregistry {Version} serves {Uri}")]
        public static partial void Listening(ILogger log, Uri uri, string version);
    }
}
