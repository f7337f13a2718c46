using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PSRegistry.Server.Auth;

/// <summary>
/// The login that was right last on a connection. The server makes one string of a header that comes again, so the same reference is the same
/// password: decoding and hashing it at each request took a fifth of the time of a small answer. Over HTTP/2 requests run side by side and strings
/// are made anew, so nothing is kept there.
/// </summary>
/// <param name="Header">The header; kept until another comes or the connection ends.</param>
/// <param name="From">The client, which behind a proxy is not the same for all requests of a connection: failed logins are counted by it.</param>
/// <param name="Users">The users among whom it was right; others count when the file changes.</param>
/// <param name="Entry">The user.</param>
/// <param name="Until">When bcrypt has to say so again, in milliseconds of the system's clock.</param>
internal sealed record ConnectionLogin(string Header, IPAddress? From, HtpasswdUsers Users, HtpasswdEntry Entry, long Until)
{
    private static readonly object Place = new();

    /// <summary>Who logged in with this very header before; null where that is not known.</summary>
    public static HtpasswdEntry? Find(HttpContext context, StringValues header, HtpasswdUsers? users) =>
        Items(context) is { } items && items.TryGetValue(Place, out var kept) && kept is ConnectionLogin login
        && header.Count == 1 && ReferenceEquals(header[0], login.Header) && ReferenceEquals(users, login.Users)
        && Equals(context.Connection.RemoteIpAddress, login.From) && Environment.TickCount64 < login.Until
            ? login.Entry
            : null;

    /// <summary>Keeps a login that was right, unless the file changed meanwhile.</summary>
    public static void Keep(HttpContext context, StringValues header, HtpasswdUsers users, HtpasswdEntry entry)
    {
        if (Items(context) is { } items && header is [{ } text] && ReferenceEquals(users.Find(entry.Caller.Name), entry))
            items[Place] = new ConnectionLogin(text, context.Connection.RemoteIpAddress, users, entry, entry.RememberedUntil);
    }

    public override string ToString() => "(login)";

    private static IDictionary<object, object?>? Items(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) ? context.Features.Get<IConnectionItemsFeature>()?.Items : null;
}
