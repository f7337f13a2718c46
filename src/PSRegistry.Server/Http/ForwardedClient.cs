using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Http;

/// <summary>
/// Who asks, where <c>http.trustedproxies</c> says which proxies are believed. Each proxy adds the address that it was asked from behind
/// those that it was told, so the list is read from its end, for as long as those in it are trusted: what stands further left anybody may
/// have written. From everybody else nothing is believed, and nothing is left of what they tell.
/// </summary>
/// <remarks>
/// <c>X-Forwarded-For</c> counts before <c>Forwarded</c> (RFC 7239): proxies that write the first pass on the second as it came from the
/// client more often than the other way round.
/// </remarks>
internal static class ForwardedClient
{
    private const string Forwarded = "Forwarded", For = "X-Forwarded-For", Proto = "X-Forwarded-Proto", Host = "X-Forwarded-Host";

    /// <summary>Nobody has so many proxies; each costs a look through the list of those that are trusted.</summary>
    private const int HopLimit = 32;

    public static RequestDelegate Before(RequestDelegate next, TrustedProxies trusted) => context =>
    {
        Apply(context, trusted);
        return next(context);
    };

    public static void Apply(HttpContext context, TrustedProxies trusted)
    {
        var headers = context.Request.Headers;
        if (!trusted.Include(context.Connection.RemoteIpAddress))
        {
            foreach (var name in (ReadOnlySpan<string>)[Forwarded, For, Proto, Host])
                headers.Remove(name);
            return;
        }
        var depth = 0;
        if (Elements(headers[For]) is { Count: > 0 } hops)
        {
            headers.Remove(Forwarded);
            depth = TakeClient(context, hops, trusted);
        }
        else if (Elements(headers[Forwarded]) is { Count: > 0 } elements)
        {
            headers.Remove(Proto);
            headers.Remove(Host);
            depth = TakeClient(context, elements.ConvertAll(ForOf), trusted);
        }
        foreach (var name in (ReadOnlySpan<string>)[Forwarded, Proto, Host])
        {
            // What the outermost of the trusted ones wrote, or the only one that wrote anything.
            if (Elements(headers[name]) is { Count: > 0 } told)
                headers[name] = told[Math.Max(0, told.Count - 1 - depth)];
        }
    }

    /// <returns>How many trusted proxies stand before the one that is connected.</returns>
    private static int TakeClient(HttpContext context, List<string> hops, TrustedProxies trusted)
    {
        for (var depth = 0; ; depth++)
        {
            if (!IPEndPoint.TryParse(hops[^(depth + 1)].Trim('"'), out var client))
                return depth;
            context.Connection.RemoteIpAddress = client.Address;
            context.Connection.RemotePort = client.Port;
            if (depth + 1 >= Math.Min(hops.Count, HopLimit) || !trusted.Include(client.Address))
                return depth;
        }
    }

    private static string ForOf(string element)
    {
        foreach (var pair in element.Split(';'))
        {
            var trimmed = pair.Trim();
            if (trimmed.StartsWith("for=", StringComparison.OrdinalIgnoreCase))
                return trimmed["for=".Length..].Trim();
        }
        return "";
    }

    /// <summary>All of them, whether in one header or in several.</summary>
    private static List<string> Elements(StringValues values) =>
        [.. values.SelectMany(value => (value ?? "").Split(',')).Select(element => element.Trim()).Where(element => element.Length > 0)];
}
