using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Health;

namespace PSRegistry.Server.Http;

/// <summary>What stands before every route: a registry that is well, and whoever decides who comes in.</summary>
internal sealed class RequestGate(HealthMonitor? health, IAccess? access)
{
    /// <summary>Why the request goes no further.</summary>
    public ValueTask<Refusal> CheckAsync(HttpContext context, RegistryRoute route)
    {
        if (route.Kind is RouteKind.Live or RouteKind.Ready)
            return default;
        if (health is { IsHealthy: false })
            return ValueTask.FromResult<Refusal>(ErrorCode.Unavailable.With("health check failed: please see /debug/health"));
        return access is null || IsOpenToAll(context.Request, route) ? default : access.CheckAsync(context, RequestScopes.Of(context.Request, route));
    }

    /// <summary>Load balancers ask for <c>/</c>, and browsers ask before they send a login; neither is told anything.</summary>
    private static bool IsOpenToAll(HttpRequest request, RegistryRoute route) => route.Kind is RouteKind.Root || HttpMethods.IsOptions(request.Method);
}
