using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace PSRegistry.Server.Transport;

/// <summary>Chooses how bytes get to the clients and back.</summary>
internal static class TransportSetup
{
    /// <summary>On Linux our own way; elsewhere Kestrel's, which was added before.</summary>
    public static void Add(IServiceCollection services)
    {
        if (FileSender.IsSupported)
            services.AddSingleton<IConnectionListenerFactory, DirectListenerFactory>();
    }
}
