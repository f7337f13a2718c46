using System.Globalization;
using System.Net;

namespace PSRegistry.Server.Notifications;

/// <summary>What an event tells of the server.</summary>
internal sealed class EventSource
{
    private readonly string _host = Dns.GetHostName();

    /// <summary>The machine's name, and the port once it is known.</summary>
    public string Address { get; private set; } = Dns.GetHostName();

    /// <summary>Another one after each start.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString();

    public void ListensOn(int port) => Address = string.Create(CultureInfo.InvariantCulture, $"{_host}:{port}");
}
