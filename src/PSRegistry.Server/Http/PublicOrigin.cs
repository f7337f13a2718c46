using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PSRegistry.Server.Http;

/// <summary>
/// Scheme and host under which a client reached the registry, as the proxy before it tells: <c>Forwarded</c> (RFC 7239), else
/// <c>X-Forwarded-Proto</c> and <c>X-Forwarded-Host</c>, the first of each. What is no scheme or no host is not believed.
/// </summary>
internal static class PublicOrigin
{
    public static string Of(HttpRequest request) => Of(request, request.Scheme);

    /// <param name="request">The request.</param>
    /// <param name="untold">The scheme where no proxy tells.</param>
    public static string Of(HttpRequest request, string untold)
    {
        var (scheme, host) = request.Headers.TryGetValue("Forwarded", out var forwarded)
            ? Read(First(forwarded))
            : (First(request.Headers["X-Forwarded-Proto"]), First(request.Headers["X-Forwarded-Host"]));
        scheme = scheme is "http" or "https" ? scheme : untold;
        return IsHost(host) ? $"{scheme}://{host}" : $"{scheme}://{request.Host.ToUriComponent()}";
    }

    private static (string? Scheme, string? Host) Read(string? element)
    {
        (string? Scheme, string? Host) found = default;
        foreach (var pair in (element ?? "").Split(';'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;
            var name = pair.AsSpan(0, equals).Trim();
            var value = pair[(equals + 1)..].Trim().Trim('"');
            if (name.Equals("proto", StringComparison.OrdinalIgnoreCase))
                found.Scheme = value;
            else if (name.Equals("host", StringComparison.OrdinalIgnoreCase))
                found.Host = value;
        }
        return found;
    }

    private static string? First(StringValues values) => values is [{ } first, ..] ? first.Split(',')[0].Trim() : null;

    /// <summary>A host ends up in a Location; nothing in it may begin a path, a query or another header.</summary>
    private static bool IsHost(string? host) =>
        host is { Length: > 0 and <= 255 } && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']');
}
