using Microsoft.AspNetCore.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Http;

/// <summary>Measures and traces requests. While nobody listens it looks at a few fields for each request.</summary>
internal sealed class RequestObserver(ServerMeters meters)
{
    /// <summary>A request begins; null when nobody wants to know.</summary>
    public RequestObservation? Begin(HttpContext context, RegistryRoute route) =>
        meters.Http.IsEnabled || RequestSpans.AreWanted ? RequestObservation.Begin(context, route, meters) : null;
}
