using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Http;

/// <summary>
/// Writes down who pushed, mounted, deleted, logged in or was refused, and from where, when the answer is decided. Of what a client sent
/// names, tags and digests are in it: no header, no query, no password.
/// </summary>
internal sealed class AuditLog(ILogger log)
{
    /// <summary>The log category.</summary>
    public const string Category = "PSRegistry.Audit";

    public void Note(HttpContext context, RegistryRoute route)
    {
        if (log.IsEnabled(LogLevel.Information) && AuditEvent.Of(context, route) is { } happened)
            log.Log(LogLevel.Information, default, Fields(context, route, happened), null, static (fields, _) => $"audit: {fields[0].Value} {fields[1].Value}");
    }

    private static List<KeyValuePair<string, object?>> Fields(HttpContext context, RegistryRoute route, AuditEvent happened)
    {
        var fields = new List<KeyValuePair<string, object?>>(12) { new("audit.action", happened.Action), new("audit.target", happened.Target) };
        void Add(string name, string value)
        {
            if (value.Length > 0)
                fields.Add(new(name, value));
        }

        Add("auth.user.name", context.Features.Get<Caller>()?.Name ?? context.Features.Get<RefusedLogin>()?.User ?? "");
        Add("audit.repository", route.Name?.ToString() ?? "");
        Add("audit.digest", DigestOf(context, route));
        Add("audit.tag", TagOf(context, route));
        if (happened.Action == "mount")
            Add("audit.from", RepositoryName.TryParse(context.Request.Query["from"].ToString(), out var from) ? from.ToString() : "");
        Add("http.request.id", context.TraceIdentifier);
        Add("http.request.method", context.Request.Method);
        Add("http.request.remoteaddr", RemoteName.Of(context.Connection));
        fields.Add(new("http.response.status", context.Response.StatusCode));
        Add("trace_id", context.Features.Get<RequestObservation>()?.TraceId ?? "");
        return fields;
    }

    private static string DigestOf(HttpContext context, RegistryRoute route)
    {
        if (context.Response.Headers[HeaderName.ContentDigest].ToString() is { Length: > 0 } answered)
            return answered;
        return Digest.TryParse(route.Item, out var asked) ? asked.ToString() : "";
    }

    private static string TagOf(HttpContext context, RegistryRoute route)
    {
        if (context.Response.Headers[HeaderName.OciTag].ToString() is { Length: > 0 } moved)
            return moved;
        return route.Kind is RouteKind.Manifest && Tag.TryParse(route.Item, out var tag) ? tag.ToString() : "";
    }
}
