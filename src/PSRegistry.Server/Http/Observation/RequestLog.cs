using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Http;

/// <summary>Adds to a line which request it is about, as the original does. Nothing is made unless a line is written.</summary>
internal static class RequestLog
{
    public static ILogger About(this ILogger log, HttpContext context) => new Logger(log, context);

    private sealed class Logger(ILogger log, HttpContext context) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!log.IsEnabled(logLevel))
                return;
            var fields = Fields(state as IEnumerable<KeyValuePair<string, object?>> ?? [], context);
            log.Log(logLevel, eventId, fields, exception, (_, fault) => formatter(state, fault));
        }
    }

    private static List<KeyValuePair<string, object?>> Fields(IEnumerable<KeyValuePair<string, object?>> fields, HttpContext context)
    {
        List<KeyValuePair<string, object?>> all =
        [
            .. fields,
            new("http.request.id", context.TraceIdentifier),
            new("http.request.method", context.Request.Method),
            new("http.request.uri", context.Request.PathBase.ToUriComponent() + context.Request.Path.ToUriComponent()),
            new("http.request.remoteaddr", RemoteName.Of(context.Connection)),
        ];
        if (context.Features.Get<RequestObservation>()?.TraceId is { } trace)
            all.Add(new("trace_id", trace));
        return all;
    }
}
