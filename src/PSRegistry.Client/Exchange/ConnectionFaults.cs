using System.Net.Sockets;

namespace PSRegistry.Client;

/// <summary>Turns what a connection died of into what its user can do about it.</summary>
internal sealed class ConnectionFaults(RegistryClientOptions options, ProxyRules proxy, Faults faults)
{
    private readonly ProtocolProbe _probe = new(options);

    public async ValueTask<RegistryRequestException> ExplainAsync(
        Exception fault, HttpMethod method, Uri uri, bool timedOut, CancellationToken cancellationToken)
    {
        var who = faults.Who(uri);
        if (timedOut)
            return faults.New(RegistryFailure.TimedOut, uri, $"{who} did not answer within {Faults.Seconds(options.RequestTimeout)}.", fault, method);
        // The connection attempt has a limit of its own, which shows as a cancellation that nobody asked for.
        if (fault is OperationCanceledException)
            return faults.New(RegistryFailure.Unreachable, uri, NotTaken($"{who} did not take the connection within {Faults.Seconds(options.ConnectTimeout)}"), fault, method);
        return (fault as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => faults.New(
                RegistryFailure.HostUnknown, uri, $"No address is known for the host name '{uri.IdnHost}'. Is it spelt right?", fault, method),
            HttpRequestError.ConnectionError => faults.New(RegistryFailure.Unreachable, uri, Unreachable(who, fault), fault, method),
            HttpRequestError.ProxyTunnelError => faults.New(
                RegistryFailure.Unreachable, uri, $"The proxy {proxy.GetProxy(uri)?.Authority} does not let us through to {who}.", fault, method),
            HttpRequestError.SecureConnectionError => await ExplainTlsAsync(fault, method, uri, who, cancellationToken),
            _ when await WantsTlsAsync(uri, cancellationToken) => faults.New(RegistryFailure.HttpsServer, uri, UseHttps(who, uri), fault, method),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => faults.New(
                RegistryFailure.NotARegistry, uri, $"What answers at {who} does not speak HTTP. Is the port right?", fault, method),
            _ => faults.New(RegistryFailure.ConnectionLost, uri, $"The connection to {who} broke before an answer came.", fault, method),
        };
    }

    /// <summary>Whether the server of a plain http URL completes, or at least begins, a TLS handshake.</summary>
    public async ValueTask<bool> WantsTlsAsync(Uri uri, CancellationToken cancellationToken) =>
        uri.Scheme == Uri.UriSchemeHttp && proxy.IsBypassed(uri) && await _probe.SpeaksTlsAsync(uri, cancellationToken);

    /// <summary>The message to who spoke plain http to a TLS server.</summary>
    public static string UseHttps(string who, Uri uri) => $"{who} speaks https, not plain http. Use the address https://{uri.Authority}.";

    private async ValueTask<RegistryRequestException> ExplainTlsAsync(
        Exception fault, HttpMethod method, Uri uri, string who, CancellationToken cancellationToken)
    {
        if (fault.InnerException is UntrustedCertificateException untrusted)
            return faults.New(RegistryFailure.CertificateUntrusted, uri, $"The certificate of {who} is not trusted here: {untrusted.Message}.", fault, method);
        if (proxy.IsBypassed(uri) && await _probe.SpeaksPlainHttpAsync(uri, cancellationToken))
            return faults.New(RegistryFailure.PlainHttpServer, uri, UsePlainHttp(who, uri), fault, method);
        var reason = ServerText.Clean(fault.InnerException?.Message ?? fault.Message);
        return faults.New(RegistryFailure.Unreachable, uri, $"The TLS handshake with {who} failed: {reason}", fault, method);
    }

    private static string UsePlainHttp(string who, Uri uri) =>
        $"{who} speaks plain http, not https. Use the address http://{uri.Authority} if the network between may read and change everything.";

    private static string NotTaken(string what) => $"{what}. Is the address right, and does a firewall let it through?";

    private static string Unreachable(string who, Exception fault) => fault.InnerException is SocketException socket
        ? socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => $"Nothing listens at {who}: the connection was refused. Is the registry running, and is the port right?",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown =>
                $"There is no way to {who} from this machine: {socket.SocketErrorCode}.",
            SocketError.TimedOut => NotTaken($"{who} did not take the connection"),
            _ => $"{who} cannot be connected to: {socket.SocketErrorCode}.",
        }
        : $"{who} cannot be connected to: {ServerText.Clean(fault.Message)}";
}
