using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Http;

/// <summary>Something that an operator may have to account for.</summary>
/// <param name="Action"><c>push</c>, <c>mount</c>, <c>delete</c>, <c>login</c> or <c>refuse</c>.</param>
/// <param name="Target"><c>manifest</c>, <c>tag</c>, <c>blob</c> or <c>registry</c>.</param>
internal readonly record struct AuditEvent(string Action, string Target)
{
    /// <summary>What an answered request was; null for what changes nothing and lets nobody in or out.</summary>
    public static AuditEvent? Of(HttpContext context, RegistryRoute route) => context.Response.StatusCode switch
    {
        StatusCodes.Status200OK when route.Kind is RouteKind.Base && HasLogin(context) && Caller.Of(context).Name.Length > 0 => new("login", "registry"),
        StatusCodes.Status201Created => Created(context, route),
        StatusCodes.Status202Accepted => Accepted(context, route),
        // Without a login it is the question for one, with which every client begins.
        StatusCodes.Status401Unauthorized when HasLogin(context) => new("refuse", TargetOf(route)),
        StatusCodes.Status403Forbidden => new("refuse", TargetOf(route)),
        _ => null,
    };

    private static AuditEvent? Created(HttpContext context, RegistryRoute route) => route.Kind switch
    {
        RouteKind.Manifest => new("push", "manifest"),
        RouteKind.Upload => new("push", "blob"),
        RouteKind.Uploads => new(IsMount(context) ? "mount" : "push", "blob"),
        _ => null,
    };

    private static AuditEvent? Accepted(HttpContext context, RegistryRoute route) => HttpMethods.IsDelete(context.Request.Method)
        ? route.Kind switch
        {
            RouteKind.Manifest => new("delete", TargetOf(route)),
            RouteKind.Blob => new("delete", "blob"),
            _ => null,
        }
        : null;

    private static string TargetOf(RegistryRoute route) => route.Kind switch
    {
        RouteKind.Manifest => Digest.TryParse(route.Item, out _) ? "manifest" : "tag",
        RouteKind.Blob or RouteKind.Uploads or RouteKind.Upload => "blob",
        _ => "registry",
    };

    private static bool IsMount(HttpContext context) => context.Request.Query["mount"].ToString() is { Length: > 0 } mount
        && mount == context.Response.Headers[HeaderName.ContentDigest].ToString();

    private static bool HasLogin(HttpContext context) => context.Request.Headers.Authorization.Count > 0;
}
