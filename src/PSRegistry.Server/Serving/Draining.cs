using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Serving;

/// <summary>
/// The way out: whoever spreads requests is told first that this server goes (readiness), and whoever keeps a connection is asked to make
/// the next one elsewhere; only then does the listening end.
/// </summary>
internal sealed class Draining
{
    private volatile bool _hasBegun;

    /// <summary>Whether the server is on its way out, though it still answers.</summary>
    public bool HasBegun => _hasBegun;

    public void Begin() => _hasBegun = true;

    /// <summary>Ends connections with their next answer. HTTP/2 has a frame for it (GOAWAY), which Kestrel sends when the listening ends.</summary>
    public RequestDelegate Around(RequestDelegate next) => context =>
    {
        if (_hasBegun && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return next(context);
    };
}
