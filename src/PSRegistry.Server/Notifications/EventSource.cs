using System.Globalization;
using System.Net;

namespace PSRegistry.Server.Notifications;

/// <summary>What an event tells of the server; found out when the first does.</summary>
internal sealed class EventSource
{
    private readonly Lazy<string> _host = new(() => Dns.GetHostName());
    private readonly Lazy<string> _instance = new(() => Guid.NewGuid().ToString());
    private volatile int _port;

    /// <summary>The machine's name, and the port once it is known.</summary>
    public string Address => _port is var port and not 0 ? string.Create(CultureInfo.InvariantCulture, $"{_host.Value}:{port}") : _host.Value;

    /// <summary>Another one after each start.</summary>
    public string Instance => _instance.Value;

    public void ListensOn(int port) => _port = port;
}
