using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PSRegistry.Server.Serving;

/// <summary>Gives Kestrel's requests to those who answer them. A connection keeps its context for its next request.</summary>
/// <param name="answer">Answers a request.</param>
internal sealed class RequestApplication(RequestDelegate answer) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
            return new DefaultHttpContext(contextFeatures);
        if (connection.HostContext is not { } kept)
            return connection.HostContext = new DefaultHttpContext(contextFeatures);
        kept.Initialize(contextFeatures);
        return kept;
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => answer(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
