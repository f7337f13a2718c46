using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Notifications;

/// <summary>
/// How an endpoint fares: after so many failures in a row there is a pause before every further attempt, until one succeeds. Shared by
/// everything that is sent to it.
/// </summary>
internal sealed partial class EndpointState(NotificationEndpoint endpoint, ILogger log)
{
    private readonly Lock _gate = new();
    private int _failures;
    private long _lastFailure;

    public NotificationEndpoint Endpoint => endpoint;

    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_gate)
            {
                var rest = endpoint.Backoff - TimeSpan.FromMilliseconds(Environment.TickCount64 - _lastFailure);
                return _failures < endpoint.Threshold || rest < TimeSpan.Zero ? TimeSpan.Zero : rest;
            }
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            if (_failures >= endpoint.Threshold)
                Log.Recovered(log, endpoint.Name);
            _failures = 0;
        }
    }

    public void Failed(string reason)
    {
        lock (_gate)
        {
            _lastFailure = Environment.TickCount64;
            if (_failures < int.MaxValue && ++_failures == endpoint.Threshold)
                Log.Fails(log, endpoint.Name, endpoint.Threshold, reason, endpoint.Backoff.TotalSeconds);
        }
    }

    /// <summary>Whether the endpoint is to hear nothing of this.</summary>
    public bool Ignores(string action, string? mediaType) =>
        endpoint.IgnoredActions.Contains(action) || (mediaType is not null && endpoint.IgnoredMediaTypes.Contains(mediaType));

    private static partial class Log
    {
        [LoggerMessage(EventId = 63, Level = LogLevel.Warning, Message = "the endpoint {Endpoint} failed {Failures} times in a row ({Reason}): its events wait, and are tried again every {Backoff} s")]
        public static partial void Fails(ILogger log, string endpoint, int failures, string reason, double backoff);

        [LoggerMessage(EventId = 64, Level = LogLevel.Information, Message = "the endpoint {Endpoint} takes events again")]
        public static partial void Recovered(ILogger log, string endpoint);
    }
}
