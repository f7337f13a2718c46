using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace PSRegistry.Server.Transport;

/// <summary>Has Kestrel's transport receive in large blocks, and send files without reading them.</summary>
internal static class TransportSetup
{
    /// <summary>What one client may have sent that nobody has read yet; it holds so much memory while it pushes.</summary>
    private const int UnreadBytes = 512 * 1024;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IMemoryPoolFactory<byte>, BlockPool>();
        services.Configure<SocketTransportOptions>(options =>
        {
            options.WaitForDataBeforeAllocatingBuffer = true;
            options.MaxReadBufferSize = UnreadBytes;
            // Sockets call back on threads of the pool already, so that a handler may block there; another change of thread took
            // 5 of 22 microseconds of the shortest request.
            options.UnsafePreferInlineScheduling = !OperatingSystem.IsWindows();
        });
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
