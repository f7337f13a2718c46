using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Telemetry;
using PSRegistry.Server.Transport;

namespace PSRegistry.Server;

/// <summary>The web server without anything that it does by default: no files read, no signals taken, no console written to.</summary>
internal static class WebServer
{
    public static WebApplication Build(ILoggerFactory logging, Action<KestrelServerOptions> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(new ServerLogging(logging)));
        // The default one takes over Ctrl+C and signals of a process that may be someone's shell.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, UnattendedLifetime>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(configure);
        TransportSetup.Add(builder.Services);
        builder.Services.AddSingleton<IConnectionListenerFactory, PriorKnowledge.NoListeners>();
        return builder.Build();
    }

    /// <exception cref="RegistryStartException">The address cannot be listened on; the application is disposed of.</exception>
    public static async Task StartAsync(WebApplication application, string address, string key, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception fault)
        {
            await application.DisposeAsync();
            if (fault is IOException or System.Net.Sockets.SocketException)
                throw new RegistryStartException(StartFailure.Address, $"cannot listen on {address}: {fault.InnerException?.Message ?? fault.Message}. Stop what listens there, or set {key} to another address.", fault);
            throw;
        }
    }

    private sealed class UnattendedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
