using Microsoft.Extensions.Logging;
using PSRegistry.Server.Notifications;
using PSRegistry.Server.Telemetry;
using PSRegistry.Server.Tls;
using PSRegistry.Storage;

namespace PSRegistry.Server.Serving;

/// <summary>What stays for as long as the server runs.</summary>
/// <param name="Storage">The content.</param>
/// <param name="UploadSecret">Signs the state of uploads.</param>
/// <param name="Telemetry">Tells what is done.</param>
/// <param name="Logging">Makes the logs.</param>
/// <param name="Log">The server's own log.</param>
/// <param name="Tls">How the listener speaks TLS; null where it does not.</param>
internal sealed record Foundation(StorageRegistry Storage, Lazy<byte[]> UploadSecret, ServerTelemetry Telemetry, ILoggerFactory Logging, ILogger Log, LiveTls? Tls)
{
    /// <summary>Who is told what is done to the content.</summary>
    public required RegistryEvents Events { get; init; }

    /// <summary>Whether the server is on its way out.</summary>
    public Draining Draining { get; } = new();
}
