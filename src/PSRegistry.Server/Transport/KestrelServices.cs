using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Transport;

/// <summary>What Kestrel asks a host's container for, which it does where it speaks TLS; made when it is asked for.</summary>
internal sealed class KestrelServices(ILoggerFactory logging) : IServiceProvider, IAsyncDisposable
{
    private ServiceProvider? _made;

    public object? GetService(Type serviceType) => (_made ??= Make()).GetService(serviceType);

    public ValueTask DisposeAsync() => _made?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What <paramref name="use"/> would have a host provide.</summary>
    public static ServiceCollection Collect(Action<IWebHostBuilder> use)
    {
        var services = new ServiceCollection();
        use(new NoHost(services));
        return services;
    }

    private ServiceProvider Make()
    {
        var services = Collect(host => host.UseKestrelCore());
        services.AddMetrics();
        // Given as it is, so that it is not disposed of: the caller's logging outlives the server.
        services.AddSingleton(logging);
        return services.BuildServiceProvider();
    }

    private sealed class NoHost(ServiceCollection services) : IWebHostBuilder
    {
        public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
        {
            configureServices(services);
            return this;
        }

        public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices)
        {
            configureServices(new WebHostBuilderContext(), services);
            return this;
        }

        public IWebHostBuilder ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

        public string? GetSetting(string key) => null;

        public IWebHostBuilder UseSetting(string key, string? value) => this;

#pragma warning disable ASPDEPR008 // The interface still has it.
        public IWebHost Build() => throw new NotSupportedException("there is no host to build");
#pragma warning restore ASPDEPR008
    }
}
