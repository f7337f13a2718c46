using System.Net;
using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>One request over the client's pool of connections: no redirect followed, nothing tried twice.</summary>
internal sealed class Wire : IDisposable
{
    /// <summary>Long enough to be reused all day, short enough to notice that a name has moved.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    private readonly HttpMessageInvoker _pool;
    private readonly RegistryClientOptions _options;
    private readonly Faults _faults;
    private readonly ConnectionFaults _connectionFaults;

    public Wire(RegistryClientOptions options, Faults faults)
    {
        _options = options;
        _faults = faults;
        var proxy = ProxyRules.Of(options);
        _connectionFaults = new ConnectionFaults(options, proxy, faults);
        _pool = new HttpMessageInvoker(Handler(options, proxy));
    }

    /// <summary>Sends the request and waits for the head of the answer.</summary>
    /// <exception cref="RegistryRequestException">There is no answer.</exception>
    public async ValueTask<Answer> SendAsync(
        Call call, Uri uri, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Authorization = authorization;
        request.Headers.TryAddWithoutValidation("Accept", call.Accept);
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        foreach (var (name, value) in call.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (call.From is { } from)
            request.Headers.Range = new RangeHeaderValue(from, null);
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            limit.CancelAfter(_options.RequestTimeout);
            request.Content = call.Body?.Invoke();
            if (request.Content is BodyContent body)
                body.OnProgress = () => limit.CancelAfter(_options.RequestTimeout);
            var response = await _pool.SendAsync(request, limit.Token);
            return new Answer(response, call.Method, uri, limit, _options.RequestTimeout, _faults);
        }
        catch (Exception fault)
        {
            var timedOut = limit.IsCancellationRequested;
            limit.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (fault is ObjectDisposedException)
                throw;
            throw await _connectionFaults.ExplainAsync(fault, call.Method, uri, timedOut, cancellationToken);
        }
    }

    /// <summary>Whether a TLS server sits where plain http was spoken.</summary>
    public ValueTask<bool> WantsTlsAsync(Uri uri, CancellationToken cancellationToken) => _connectionFaults.WantsTlsAsync(uri, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private static SocketsHttpHandler Handler(RegistryClientOptions options, ProxyRules proxy)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = ConnectionLifetime,
            Proxy = proxy,
            UseCookies = false,
            SslOptions = CertificateCheck.Options(options),
        };
        if (options.Surroundings.Connect is { } connect)
            handler.ConnectCallback = (context, token) => connect(context.DnsEndPoint, token);
        return handler;
    }
}
