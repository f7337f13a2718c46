using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Auth;

/// <summary>Lets in who logs in with a user of the htpasswd file (<c>auth.htpasswd</c>), or as the one user of a command, to everything.</summary>
internal sealed partial class HtpasswdAccess(string realm, IUserSource source, ILogger log, AuthInstruments? instruments) : IAccess, IDisposable
{
    private readonly PasswordCheck _check = new();
    private readonly string _challenge = $"Basic realm={BearerChallenge.Quoted(realm)}";

    /// <summary>Reads the file once, so that what is wrong with it is told at the start.</summary>
    public static HtpasswdAccess Open(HtpasswdConfiguration htpasswd, ILogger log, AuthInstruments? instruments)
    {
        var file = new HtpasswdFile(htpasswd.Path, log);
        file.Current();
        return new HtpasswdAccess(htpasswd.Realm, file, log, instruments);
    }

    public ValueTask<Refusal> CheckAsync(HttpContext context, IReadOnlyList<ResourceScope> asked)
    {
        if (!BasicCredentials.TryParse(context.Request.Headers.Authorization, out var credentials))
            return ValueTask.FromResult(Challenge(context, "log in with a user of this registry."));
        if (source.Current() is not { } users)
        {
            credentials.Dispose();
            return ValueTask.FromResult<Refusal>(ErrorCode.Unavailable.With("the users of this registry cannot be read; its operator finds the reason in the log."));
        }
        var entry = users.Find(credentials.User);
        var isRemembered = entry is not null && entry.Remembers(credentials);
        instruments?.Look(AuthInstruments.Login, isRemembered);
        if (!isRemembered)
            return VerifyAsync(context, users, entry, credentials);
        credentials.Dispose();
        return ValueTask.FromResult(Admit(context, entry!));
    }

    public void Dispose() => _check.Dispose();

    private async ValueTask<Refusal> VerifyAsync(HttpContext context, HtpasswdUsers users, HtpasswdEntry? entry, BasicCredentials credentials)
    {
        using (credentials)
        {
            switch (await _check.VerifyAsync(entry, users.StandIn(credentials.User), credentials, context.RequestAborted))
            {
                case true:
                    return Admit(context, entry!);
                case null:
                    context.Response.Headers.RetryAfter = "1";
                    return ErrorCode.TooManyRequests.With("too many logins are being checked; try again in a second.");
                default:
                    // The name of a user who is not there stays out: people type their password into the wrong field.
                    context.Features.Set(new RefusedLogin(entry is null ? RefusedLogin.Unknown : credentials.User));
                    Log.Refused(log.About(context), RemoteName.Of(context.Connection), entry is null ? RefusedLogin.Unknown : credentials.User);
                    return Challenge(context, "the user or the password is wrong.");
            }
        }
    }

    private static Refusal Admit(HttpContext context, HtpasswdEntry entry)
    {
        context.Features.Set(entry.Caller);
        return Refusal.None;
    }

    private Refusal Challenge(HttpContext context, string reason)
    {
        context.Response.Headers.WWWAuthenticate = _challenge;
        return ErrorCode.Unauthorized.With(reason);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 44, Level = LogLevel.Warning, Message = "a login from {Remote} as {User} was refused")]
        public static partial void Refused(ILogger log, string remote, string user);
    }
}
