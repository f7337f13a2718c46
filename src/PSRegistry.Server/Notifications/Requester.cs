using System.Net;
using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Notifications;

/// <summary>What an event tells of its request.</summary>
internal static class Requester
{
    public static EventRequest Of(HttpContext context)
    {
        var request = context.Request;
        return new EventRequest(context.TraceIdentifier, Address(context), request.Host.Value ?? "", request.Method, request.Headers.UserAgent.ToString());
    }

    /// <summary>The client's address as a proxy tells it, else that of the connection with its port; as in the original, anybody may tell.</summary>
    private static string Address(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers["X-Forwarded-For"] is [{ } forwarded, ..] && forwarded.Split(',')[0].Trim() is var first && IPAddress.TryParse(first, out _))
            return first;
        if (headers["X-Real-Ip"] is [{ } real, ..] && IPAddress.TryParse(real, out _))
            return real;
        if (context.Connection.RemoteIpAddress is not { } address)
            return "";
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new IPEndPoint(plain, context.Connection.RemotePort).ToString();
    }
}
