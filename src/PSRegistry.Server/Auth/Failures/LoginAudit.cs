using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Auth;

/// <summary>Counts logins that are refused, and tells the audit log: user, address and reason, never what was sent as a password.</summary>
internal sealed partial class LoginAudit(ILogger log, TimeProvider clock)
{
    /// <summary>The log category.</summary>
    public const string Category = "PSRegistry.Audit";

    // Who is slowed down already could fill the log all the faster.
    private readonly Allowance _lines = new(1 << 10, burst: 1, TimeSpan.FromSeconds(10));

    /// <param name="context">The request.</param>
    /// <param name="user">The user; null for one who is not there.</param>
    /// <param name="reason">One of <see cref="AuthFailure"/>.</param>
    public void Refuse(HttpContext context, string? user, string reason)
    {
        AuthMetrics.Count(reason);
        var address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        if (reason == AuthFailure.Slowed)
        {
            var (now, who) = (clock.GetUtcNow().UtcTicks, HashCode.Combine(user, address));
            if (_lines.WaitFor(who, now) > 0)
                return;
            _lines.Spend(who, now);
        }
        Log.Refused(log, user ?? "(not in the file)", address, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 44, Level = LogLevel.Warning, Message = "a login as {User} from {Address} was refused: {Reason}")]
        public static partial void Refused(ILogger log, string user, IPAddress? address, string reason);
    }
}
