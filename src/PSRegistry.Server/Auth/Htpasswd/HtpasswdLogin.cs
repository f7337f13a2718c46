using System.Globalization;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Auth;

/// <summary>Checks logins of users with a password, wherever they come in: slows down who fails often, counts them, and tells the audit log.</summary>
internal sealed class HtpasswdLogin(IUserSource source, FailedLogins failures, LoginAudit audit)
{
    /// <summary>What who fails is told. It does not say which of the two is wrong.</summary>
    public const string Wrong = "the user or the password is wrong.";

    private readonly PasswordCheck _check = new();

    /// <summary>Who may log in at the moment; null while nobody can tell.</summary>
    public HtpasswdUsers? Users => source.Current();

    /// <summary>Checks a login, and wipes it.</summary>
    public ValueTask<LoginVerdict> CheckAsync(HttpContext context, BasicCredentials credentials)
    {
        if (source.Current() is not { } users)
        {
            credentials.Dispose();
            return ValueTask.FromResult<LoginVerdict>(UsersUnreadable());
        }
        var user = credentials.User;
        var entry = users.Find(user);
        var attempt = failures.Look(context.Connection.RemoteIpAddress, user);
        if (attempt.Wait > TimeSpan.Zero && !IsLetThrough(attempt, entry, credentials))
        {
            credentials.Dispose();
            audit.Refuse(context, entry is null ? null : user, AuthFailure.Slowed);
            return ValueTask.FromResult<LoginVerdict>(Slow(context, attempt.Wait));
        }
        var isRemembered = entry is not null && entry.Remembers(credentials);
        audit.Instruments.Look(AuthInstruments.Login, isRemembered);
        if (!isRemembered)
            return VerifyAsync(context, users, entry, attempt, credentials);
        credentials.Dispose();
        failures.Succeed(attempt);
        return ValueTask.FromResult<LoginVerdict>(entry!);
    }

    public static Refusal UsersUnreadable() => ErrorCode.Unavailable.With("the users of this registry cannot be read; its operator finds the reason in the log.");

    /// <summary>A password that was right from this address is let through: else whoever shares the address could keep its user out.</summary>
    private bool IsLetThrough(in LoginAttempt attempt, HtpasswdEntry? entry, in BasicCredentials credentials)
    {
        if (!attempt.IsKnown || entry is null)
            return false;
        var isRight = entry.Recognizes(credentials);
        if (!isRight)
            failures.Guess(attempt);
        return isRight;
    }

    private async ValueTask<LoginVerdict> VerifyAsync(HttpContext context, HtpasswdUsers users, HtpasswdEntry? entry, LoginAttempt attempt, BasicCredentials credentials)
    {
        using (credentials)
        {
            switch (await _check.VerifyAsync(entry, users.StandIn(credentials.User), credentials, context.RequestAborted))
            {
                case true:
                    failures.Succeed(attempt);
                    return entry!;
                case null:
                    audit.Instruments.Refuse(AuthFailure.Busy);
                    context.Response.Headers.RetryAfter = "1";
                    return (Refusal)ErrorCode.TooManyRequests.With("too many logins are being checked; try again in a second.");
                default:
                    failures.Fail(attempt);
                    // The name of a user who is not there stays out: people type their password into the wrong field.
                    audit.Refuse(context, entry is null ? null : credentials.User, entry is null ? AuthFailure.UnknownUser : AuthFailure.Password);
                    return default;
            }
        }
    }

    private static Refusal Slow(HttpContext context, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ErrorCode.TooManyRequests.With($"too many logins failed; try again in {seconds} seconds.");
    }
}

/// <summary>What a login came to: a user, a refusal for another reason than the login, or neither: it is wrong.</summary>
/// <param name="Entry">The user.</param>
/// <param name="Refusal">Why it was not looked at.</param>
internal readonly record struct LoginVerdict(HtpasswdEntry? Entry, Refusal Refusal)
{
    public static implicit operator LoginVerdict(HtpasswdEntry entry) => new(entry, Refusal.None);

    public static implicit operator LoginVerdict(Refusal refusal) => new(null, refusal);
}
