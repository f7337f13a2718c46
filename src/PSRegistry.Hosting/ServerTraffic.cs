namespace PSRegistry.Hosting;

/// <summary>What a server has done since its start.</summary>
/// <param name="Requests">Requests that were answered, or broke off.</param>
/// <param name="BytesReceived">Bytes of content that clients sent: layers and manifests, without headers.</param>
/// <param name="BytesSent">Bytes of content that clients were sent, without headers.</param>
/// <param name="Errors">Requests at which the server failed: status 500 and above, or an answer that broke off. What a client did wrong is none.</param>
public readonly record struct ServerTraffic(long Requests, long BytesReceived, long BytesSent, long Errors);
