using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PSRegistry.Server.Transport;

/// <summary>Has Kestrel's transport receive in large blocks, and send files without reading them.</summary>
internal static class TransportSetup
{
    /// <summary>What one client may have sent that nobody has read yet; it holds so much memory while it pushes.</summary>
    private const int UnreadBytes = 512 * 1024;

    public static LastCall Open(ILoggerFactory logging)
    {
        var options = new SocketTransportOptions
        {
            WaitForDataBeforeAllocatingBuffer = true,
            MaxReadBufferSize = UnreadBytes,
            // Sockets call back on threads of the pool already, so that a handler may block there; another change of thread took
            // 5 of 22 microseconds of the shortest request.
            UnsafePreferInlineScheduling = !OperatingSystem.IsWindows(),
        };
        UsePool(options);
        return new LastCall(options, logging);
    }

    /// <summary>
    /// The pool of a transport can be said only to the container of a host, which hands it on in a step of configuration: that step is
    /// taken here. A container for this one purpose takes 30 ms where it is compiled as it starts.
    /// </summary>
    private static void UsePool(SocketTransportOptions options)
    {
        var pool = new OnePool();
        foreach (var service in KestrelServices.Collect(host => host.UseSockets()))
        {
            if (service.ServiceType == typeof(IConfigureOptions<SocketTransportOptions>) && service.ImplementationFactory is { } make)
                ((IConfigureOptions<SocketTransportOptions>)make(pool)).Configure(options);
        }
    }

    private sealed class OnePool : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IMemoryPoolFactory<byte>) ? new BlockPool() : null;
    }

    /// <summary>For HTTP/1.1 without TLS, where what is written goes to the socket as it is.</summary>
    public static void SendFiles(ListenOptions listen)
    {
        if (FileSender.IsSupported)
            listen.Use(next => connection => ServeAsync(connection, next));
    }

    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is not { } feature)
        {
            await next(connection);
            return;
        }
        var transport = connection.Transport;
        var output = new SocketWriter(feature.Socket);
        connection.Transport = new Ends(transport.Input, output);
        connection.Features.Set<IFileOutput>(output);
        try
        {
            await next(connection);
        }
        finally
        {
            output.Complete();
            connection.Transport = transport;
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
