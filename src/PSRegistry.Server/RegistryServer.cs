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
using PSRegistry.Server.Transport;

namespace PSRegistry.Server;

/// <summary>A running registry: storage, API and listener. Several may run in one process.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly UploadPurging? _purging;
    private readonly TimeSpan _drainTimeout;
    private bool _stopped;

    private RegistryServer(WebApplication application, UploadPurging? purging, TimeSpan drainTimeout)
    {
        _application = application;
        _purging = purging;
        _drainTimeout = drainTimeout;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Addresses = [.. addresses.Select(address => new Uri(address))];
    }

    /// <summary>Where it listens, with the port that was found when 0 was asked for.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

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
            throw new RegistryStartException($"cannot listen on {configuration.Http.Addr}: {fault.InnerException?.Message ?? fault.Message}. Stop what listens there, or set http.addr (or REGISTRY_HTTP_ADDR) to another address.", fault);
        }
        return new RegistryServer(application, StartPurging(configuration, storage, log), configuration.Http.DrainTimeout);
    }

    /// <summary>Stops listening, lets requests in flight end within the drain timeout, and breaks off the rest.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_stopped)
            return;
        _stopped = true;
        if (_purging is not null)
            await _purging.DisposeAsync();
        using var drained = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        drained.CancelAfter(_drainTimeout);
        await _application.StopAsync(drained.Token);
    }

    /// <summary>Stops and releases everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _application.DisposeAsync();
    }

    private static WebApplication Build(RegistryConfiguration configuration, ILoggerFactory logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(new ServerLogging(logging)));
        // The default one takes over Ctrl+C and signals of a process that may be someone's shell.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, UnattendedLifetime>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => ListenerSetup.Configure(kestrel, configuration.Http));
        TransportSetup.Add(builder.Services);
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
}
