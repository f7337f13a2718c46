using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Auth;

/// <summary>Lets in who brings a token of the token server (<c>auth.token</c>), for what it says.</summary>
internal sealed partial class TokenAccess : IAccess
{
    private const string Scheme = "Bearer ";
    private const string HowToGetIn = "get a token where the challenge of this answer says, and send it.";

    private readonly TokenConfiguration _token;
    private readonly TokenKeyFiles _keys;
    private readonly TokenVerifier _verifier;
    private readonly VerifiedTokens _verified;
    private readonly ILogger _log;
    private readonly AuthInstruments? _instruments;

    /// <exception cref="RegistryStartException">The keys cannot be read.</exception>
    public TokenAccess(TokenConfiguration token, ILogger log, TimeProvider clock, AuthInstruments? instruments = null)
    {
        _instruments = instruments;
        _token = token;
        _keys = new TokenKeyFiles(token, log);
        _verifier = new TokenVerifier(token, clock);
        _verified = new VerifiedTokens(clock);
        _log = log;
    }

    public ValueTask<Refusal> CheckAsync(HttpContext context, IReadOnlyList<ResourceScope> asked)
    {
        if (context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return ValueTask.FromResult(Challenge(context, asked, null, HowToGetIn));
        if (header.Length > Scheme.Length + TokenVerifier.LengthLimit)
            return ValueTask.FromResult(RefuseToken(context, asked, $"is longer than {TokenVerifier.LengthLimit} characters; ask for fewer scopes at once"));
        if (!Ascii.IsValid(header))
            return ValueTask.FromResult(RefuseToken(context, asked, "is no JSON Web Token"));
        var keys = _keys.Current();
        var caller = _verified.Find(header, keys);
        _instruments?.Look(AuthInstruments.Token, caller is not null);
        return caller is not null ? ValueTask.FromResult(Admit(context, asked, caller)) : VerifyAsync(context, asked, header, keys);
    }

    private async ValueTask<Refusal> VerifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked, string header, SigningKeys keys)
    {
        var token = header[Scheme.Length..].Trim(' ');
        if (token.Length == 0)
            return Challenge(context, asked, null, HowToGetIn);
        var verdict = await _verifier.VerifyAsync(token, keys);
        if (verdict.Caller is not { } caller)
            return RefuseToken(context, asked, verdict.Reason);
        _verified.Remember(header, keys, caller, verdict.Until);
        return Admit(context, asked, caller);
    }

    private Refusal Admit(HttpContext context, IReadOnlyList<ResourceScope> asked, Caller caller)
    {
        // Also where they may not: the log tells whom it was about.
        context.Features.Set(caller);
        foreach (var scope in asked)
        {
            if (!caller.May(scope))
                return Challenge(context, asked, BearerChallenge.InsufficientScope, $"the token does not allow {scope}; get one for the scope of the challenge.");
        }
        return Refusal.None;
    }

    private Refusal RefuseToken(HttpContext context, IReadOnlyList<ResourceScope> asked, string reason)
    {
        var (log, remote) = (_log.About(context), RemoteName.Of(context.Connection));
        Log.Refused(log, remote, reason);
        return Challenge(context, asked, BearerChallenge.InvalidToken, $"the token {reason}.");
    }

    private Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, string? error, string reason)
    {
        context.Response.Headers.WWWAuthenticate = BearerChallenge.Of(Realm(context.Request), _token.Service, string.Join(' ', asked), error);
        return ErrorCode.Unauthorized.With(reason);
    }

    /// <summary>This registry's own address is https where no proxy says otherwise, as the original has it: tokens go over nothing else.</summary>
    private string Realm(HttpRequest request) => _token.AutoRedirectPath is { } path ? PublicOrigin.Of(request, untold: "https") + path : _token.Realm;

    private static partial class Log
    {
        [LoggerMessage(EventId = 48, Level = LogLevel.Information, Message = "a token from {Remote} was refused: it {Reason}")]
        public static partial void Refused(ILogger log, string remote, string reason);
    }
}
