using System.Net;

namespace PSRegistry.Client;

/// <summary>The machine's proxy for everything but the machine itself, which no proxy could reach.</summary>
internal sealed class ProxyUnlessLoopback(IWebProxy machine) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => machine.Credentials;
        set => machine.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => RegistryAddress.IsThisMachine(destination) ? null : machine.GetProxy(destination);

    public bool IsBypassed(Uri host) => RegistryAddress.IsThisMachine(host) || machine.IsBypassed(host);
}
