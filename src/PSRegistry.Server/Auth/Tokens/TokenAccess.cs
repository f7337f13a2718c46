using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Auth;

/// <summary>Knows who brings a token of the token server (<c>auth.token</c>) or of this registry, and what it says.</summary>
/// <param name="token">Whose tokens, and for what.</param>
/// <param name="keys">What they are signed with.</param>
/// <param name="realm">Where a client that sends this request gets them.</param>
/// <param name="log">Is told what is refused.</param>
/// <param name="clock">The time that counts.</param>
/// <param name="instruments">Measure what is looked for and refused; null for nobody.</param>
internal sealed partial class TokenAccess(
    TokenConfiguration token, ITokenKeys keys, Func<HttpRequest, string> realm, ILogger log, TimeProvider clock, AuthInstruments? instruments = null) : IAccess
{
    private const string Scheme = "Bearer ";
    private const string HowToGetIn = "get a token where the challenge of this answer says, and send it.";

    private readonly TokenVerifier _verifier = new(token, clock);
    private readonly VerifiedTokens _verified = new(clock);

    /// <summary>Takes the tokens of another server.</summary>
    /// <exception cref="RegistryStartException">The keys cannot be read.</exception>
    public static TokenAccess Open(TokenConfiguration token, ILogger log, AuthInstruments? instruments = null) =>
        new(token, new TokenKeyFiles(token, log), request => RealmOf(token, request), log, TimeProvider.System, instruments);

    public ValueTask<Identity> IdentifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked)
    {
        if (context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return ValueTask.FromResult<Identity>(context.Request.Headers.Authorization.Count == 0 ? Identity.Nobody : Challenge(context, asked, null, HowToGetIn));
        if (header.Length > Scheme.Length + TokenVerifier.LengthLimit)
            return ValueTask.FromResult<Identity>(Refuse(context, asked, $"is longer than {TokenVerifier.LengthLimit} characters; ask for fewer scopes at once"));
        if (!Ascii.IsValid(header))
            return ValueTask.FromResult<Identity>(Refuse(context, asked, "is no JSON Web Token"));
        var current = keys.Current();
        var caller = _verified.Find(header, current);
        instruments?.Look(AuthInstruments.Token, caller is not null);
        return caller is not null ? ValueTask.FromResult<Identity>(caller) : VerifyAsync(context, asked, header, current);
    }

    public Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, ResourceScope? missing) => missing is { } scope
        ? Challenge(context, asked, BearerChallenge.InsufficientScope, $"the token does not allow {scope}; get one for the scope of the challenge.")
        : Challenge(context, asked, null, HowToGetIn);

    /// <summary>Turns away who brings a token that is no good.</summary>
    public Refusal Refuse(HttpContext context, IReadOnlyList<ResourceScope> asked, string reason)
    {
        instruments?.Refuse(AuthFailure.Token);
        var (about, remote) = (log.About(context), RemoteName.Of(context.Connection));
        Log.Refused(about, remote, reason);
        return Challenge(context, asked, BearerChallenge.InvalidToken, $"the token {reason}.");
    }

    private async ValueTask<Identity> VerifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked, string header, SigningKeys current)
    {
        var text = header[Scheme.Length..].Trim(' ');
        if (text.Length == 0)
            return Challenge(context, asked, null, HowToGetIn);
        var verdict = await _verifier.VerifyAsync(text, current);
        if (verdict.Caller is not { } caller)
            return Refuse(context, asked, verdict.Reason);
        _verified.Remember(header, current, caller, verdict.Until);
        return caller;
    }

    private Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, string? error, string reason)
    {
        context.Response.Headers.WWWAuthenticate = BearerChallenge.Of(realm(context.Request), token.Service, string.Join(' ', asked), error);
        return ErrorCode.Unauthorized.With(reason);
    }

    /// <summary>This registry's own address is https where no proxy says otherwise, as the original has it: tokens go over nothing else.</summary>
    private static string RealmOf(TokenConfiguration token, HttpRequest request) =>
        token.AutoRedirectPath is { } path ? PublicOrigin.Of(request, untold: "https") + path : token.Realm;

    private static partial class Log
    {
        [LoggerMessage(EventId = 48, Level = LogLevel.Information, Message = "a token from {Remote} was refused: it {Reason}")]
        public static partial void Refused(ILogger log, string remote, string reason);
    }
}
