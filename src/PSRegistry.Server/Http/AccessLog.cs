using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Http;

/// <summary>
/// One line for each request, under the names that the original uses. Neither query nor headers but the user agent are
/// written: an upload's state and a login are in them.
/// </summary>
internal static class AccessLog
{
    /// <summary>The log category.</summary>
    public const string Category = "PSRegistry.Access";

    public static RequestDelegate Around(RequestDelegate next, ILogger log) => async context =>
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            if (log.IsEnabled(LogLevel.Information))
                log.Log(LogLevel.Information, default, new Entry(context, Stopwatch.GetElapsedTime(began)), null, static (_, _) => "response completed");
        }
    };

    private sealed class Entry(HttpContext context, TimeSpan duration) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        private const int Always = 9;

        private readonly string _user = Caller.Of(context).Name;
        private readonly string? _trace = context.Features.Get<RequestObservation>()?.TraceId;

        public int Count => Always + (_user.Length > 0 ? 1 : 0) + (_trace is null ? 0 : 1);

        public KeyValuePair<string, object?> this[int index] => index switch
        {
            0 => new("http.request.id", context.TraceIdentifier),
            1 => new("http.request.method", context.Request.Method),
            2 => new("http.request.host", context.Request.Host.Value),
            3 => new("http.request.uri", context.Request.PathBase.ToUriComponent() + context.Request.Path.ToUriComponent()),
            4 => new("http.request.remoteaddr", RemoteName.Of(context.Connection)),
            5 => new("http.request.useragent", context.Request.Headers.UserAgent.ToString()),
            6 => new("http.response.status", context.Response.StatusCode),
            7 => new("http.response.written", HttpMethods.IsHead(context.Request.Method) ? 0 : context.Response.ContentLength ?? 0),
            8 => new("http.response.duration", string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.###}ms")),
            Always when _user.Length > 0 => new("auth.user.name", _user),
            Always or Always + 1 when index < Count => new("trace_id", _trace),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
