using System.Net;

namespace PSRegistry.Client;

/// <summary>The clock and the network around a client, so that tests need neither wait nor own a public address.</summary>
internal sealed record Surroundings
{
    /// <summary>Those of this machine.</summary>
    public static Surroundings Machine { get; } = new();

    /// <summary>Paces retries and ages tokens. Limits on the network itself are kept by the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The addresses of a host name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Opens a connection; null for the ordinary way.</summary>
    public Func<DnsEndPoint, CancellationToken, ValueTask<Stream>>? Connect { get; init; }
}
