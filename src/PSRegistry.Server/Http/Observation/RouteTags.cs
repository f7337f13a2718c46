using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Http;

/// <summary>
/// What measurements and traces call routes, methods and statuses. All of it is known beforehand: nothing that a client writes becomes the
/// name of a series.
/// </summary>
internal static class RouteTags
{
    private static readonly string[] Codes = [.. Enumerable.Range(0, 600).Select(code => code.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The original's name of the handler, where it has one.</summary>
    public static string Handler(RouteKind kind) => kind switch
    {
        RouteKind.Root => "root",
        RouteKind.Token => "token",
        RouteKind.Base or RouteKind.BaseWithoutSlash => "base",
        RouteKind.Catalog => "catalog",
        RouteKind.Tags => "tags",
        RouteKind.Manifest => "manifest",
        RouteKind.Blob => "blob",
        RouteKind.Uploads => "blob_upload",
        RouteKind.Upload => "blob_upload_chunk",
        RouteKind.Referrers => "referrers",
        RouteKind.Live => "livez",
        RouteKind.Ready => "readyz",
        _ => "other",
    };

    /// <summary>The path without what differs from request to request; null for none.</summary>
    public static string? Template(RouteKind kind) => kind switch
    {
        RouteKind.Root => "/",
        RouteKind.Token => "/token",
        RouteKind.Base => "/v2/",
        RouteKind.BaseWithoutSlash => "/v2",
        RouteKind.Catalog => "/v2/_catalog",
        RouteKind.Tags => "/v2/{name}/tags/list",
        RouteKind.Manifest => "/v2/{name}/manifests/{reference}",
        RouteKind.Blob => "/v2/{name}/blobs/{digest}",
        RouteKind.Uploads => "/v2/{name}/blobs/uploads/",
        RouteKind.Upload => "/v2/{name}/blobs/uploads/{id}",
        RouteKind.Referrers => "/v2/{name}/referrers/{digest}",
        RouteKind.Live => "/livez",
        RouteKind.Ready => "/readyz",
        _ => null,
    };

    /// <summary>In lower case, as the original has it.</summary>
    public static string Method(string method) => HttpMethods.GetCanonicalizedValue(method) switch
    {
        "GET" => "get",
        "HEAD" => "head",
        "PUT" => "put",
        "POST" => "post",
        "PATCH" => "patch",
        "DELETE" => "delete",
        "OPTIONS" => "options",
        _ => "unknown",
    };

    /// <summary>The method in a span, in capitals: what is no method of HTTP has one name for all.</summary>
    public static string SpanMethod(string method) =>
        HttpMethods.GetCanonicalizedValue(method) is var known and ("GET" or "HEAD" or "PUT" or "POST" or "PATCH" or "DELETE" or "OPTIONS" or "TRACE" or "CONNECT")
            ? known
            : OtherMethod;

    public const string OtherMethod = "_OTHER";

    public static string Code(int status) => status >= 0 && status < Codes.Length ? Codes[status] : "unknown";
}
