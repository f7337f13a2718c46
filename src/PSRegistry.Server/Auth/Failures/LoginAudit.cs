using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Auth;

/// <summary>Counts logins that are refused, and tells the log: user, address and reason, never what was sent as a password.</summary>
/// <param name="log">The server's log.</param>
/// <param name="clock">The time that counts.</param>
/// <param name="instruments">Count.</param>
internal sealed partial class LoginAudit(ILogger log, TimeProvider clock, AuthInstruments instruments)
{
    // Who is slowed down already could fill the log all the faster, and a refresh token is refused without any work.
    private readonly Allowance _lines = new(1 << 10, burst: 1, TimeSpan.FromSeconds(10));

    /// <summary>What logins are measured by.</summary>
    public AuthInstruments Instruments => instruments;

    /// <summary>Writes a refusal down, and whom it was about for the audit.</summary>
    /// <param name="context">The request.</param>
    /// <param name="user">The user; null for one who is not there.</param>
    /// <param name="reason">One of <see cref="AuthFailure"/>.</param>
    public void Refuse(HttpContext context, string? user, string reason)
    {
        instruments.Refuse(reason);
        context.Features.Set(new RefusedLogin(user ?? RefusedLogin.Unknown));
        var remote = RemoteName.Of(context.Connection);
        if (reason is AuthFailure.Slowed or AuthFailure.RefreshToken)
        {
            var (now, who) = (clock.GetUtcNow().UtcTicks, HashCode.Combine(user, context.Connection.RemoteIpAddress));
            if (_lines.WaitFor(who, now) > 0)
                return;
            _lines.Spend(who, now);
        }
        var about = log.About(context);
        Log.Refused(about, remote, user ?? RefusedLogin.Unknown, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 44, Level = LogLevel.Warning, Message = "a login from {Remote} as {User} was refused: {Reason}")]
        public static partial void Refused(ILogger log, string remote, string user, string reason);
    }
}
