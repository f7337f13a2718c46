using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PSRegistry.Server.Serving;
using PSRegistry.Server.Transport;

namespace PSRegistry.Server;

/// <summary>
/// Kestrel by itself. The generic host around it, of which nothing here makes use, took 17 of the 28 ms to the first answer of an
/// empty program, and 80 of 240 where it is compiled as it starts. Kestrel's meter stays behind in the process when it is disposed
/// of, as nothing public reaches it.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly RequestApplication _application;
    private readonly KestrelServices _services;
    private readonly LastCall _transport;

    /// <param name="logging">Where it tells of itself; outlives it.</param>
    /// <param name="configure">Says where it listens, and how.</param>
    /// <param name="answer">Answers each request.</param>
    /// <exception cref="RegistryStartException">As <paramref name="configure"/> finds.</exception>
    public WebServer(ILoggerFactory logging, Action<KestrelServerOptions> configure, RequestDelegate answer)
    {
        _application = new RequestApplication(answer);
        _services = new KestrelServices(logging);
        var options = new KestrelServerOptions { ApplicationServices = _services };
        configure(options);
        _transport = TransportSetup.Open(logging);
        _kestrel = new KestrelServer(Options.Create(options), new PriorKnowledge.Listeners(_transport), logging);
    }

    /// <summary>Where it listens, once it has started.</summary>
    public IEnumerable<string> Addresses => _kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.Where(address => !PriorKnowledge.IsNowhere(address));

    /// <summary>Returns when it listens.</summary>
    /// <param name="address">Where that is to be, for the error.</param>
    /// <param name="key">The key of the configuration that says so, for the error.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="RegistryStartException">The address cannot be listened on; the server is disposed of.</exception>
    public async Task StartAsync(string address, string key, CancellationToken cancellationToken)
    {
        try
        {
            await _kestrel.StartAsync(_application, cancellationToken);
        }
        catch (Exception fault)
        {
            await DisposeAsync();
            if (fault is IOException or System.Net.Sockets.SocketException)
                throw new RegistryStartException(StartFailure.Address, $"cannot listen on {address}: {fault.InnerException?.Message ?? fault.Message}. Stop what listens there, or set {key} to another address.", fault);
            throw;
        }
    }

    /// <summary>Listens no more, and returns when the requests in flight are answered.</summary>
    /// <param name="breakOff">Breaks them off.</param>
    /// <param name="grace">How long connections that are new may take to come about, and as long again to ask.</param>
    public Task StopAsync(CancellationToken breakOff, TimeSpan grace = default)
    {
        _transport.Grace = grace;
        return _kestrel.StopAsync(breakOff);
    }

    /// <summary>Breaks off what is in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
        await _services.DisposeAsync();
    }
}
