using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Http;

/// <summary>
/// <c>/token</c>: gives out tokens, by GET with a password in the header or as a stranger (Docker registry token specification, "Requesting a
/// token"), and by POST with a password or a refresh token in a form ("Docker registry OAuth2").
/// </summary>
internal sealed class TokenEndpoint(TokenIssuer issuer)
{
    /// <summary>Behind <c>http.prefix</c>.</summary>
    public const string Path = "/token";

    public const string AllowedMethods = "GET, HEAD, POST, OPTIONS";

    public async ValueTask<Refusal> GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (RefuseService(query["service"].ToString()) is { Exists: true } refused)
            return refused;
        if (context.Request.Headers.Authorization.Count == 0)
            return await TokenAnswer.WriteAsync(context, issuer, null, ScopeText.Parse(query["scope"]), withRefresh: false);
        if (!BasicCredentials.TryParse(context.Request.Headers.Authorization, out var credentials))
            return AskForLogin(context, "send user and password by Basic, or nothing for a token of everybody's.");
        var verdict = await issuer.Logins.CheckAsync(context, credentials);
        if (verdict.Entry is { } entry)
            return await TokenAnswer.WriteAsync(context, issuer, entry, ScopeText.Parse(query["scope"]), IsTrue(query["offline_token"]));
        return verdict.Refusal.Exists ? verdict.Refusal : AskForLogin(context, HtpasswdLogin.Wrong);
    }

    public async ValueTask<Refusal> PostAsync(HttpContext context)
    {
        if (await TokenForm.ReadAsync(context) is not { } text)
            return ErrorCode.SizeInvalid.With($"a form here has {TokenForm.Limit} bytes at most.");
        var form = QueryHelpers.ParseQuery(text);
        if (RefuseService(Field(form, "service")) is { Exists: true } refused)
            return refused;
        var verdict = Field(form, "grant_type") switch
        {
            "password" => await LogInAsync(context, form),
            "refresh_token" => Refresh(context, Field(form, "refresh_token")),
            var other => (Refusal)ErrorCode.TokenRequestInvalid.With($"'{other}' is no grant_type that is known here; password and refresh_token are.", ("grant_type", other)),
        };
        if (verdict.Entry is { } entry)
            return await TokenAnswer.WriteAsync(context, issuer, entry, ScopeText.Parse(form.GetValueOrDefault("scope")), Field(form, "access_type") == "offline");
        return verdict.Refusal.Exists ? verdict.Refusal : AskForLogin(context, HtpasswdLogin.Wrong);
    }

    private ValueTask<LoginVerdict> LogInAsync(HttpContext context, Dictionary<string, StringValues> form) =>
        BasicCredentials.TryMake(Field(form, "username"), Field(form, "password"), out var credentials)
            ? issuer.Logins.CheckAsync(context, credentials)
            : ValueTask.FromResult<LoginVerdict>(AskForLogin(context, HtpasswdLogin.Wrong));

    private LoginVerdict Refresh(HttpContext context, string token)
    {
        if (issuer.Logins.Users is not { } users)
            return HtpasswdLogin.UsersUnreadable();
        if (issuer.Verify(token, users) is { } entry)
            return entry;
        issuer.Audit.Refuse(context, null, AuthFailure.RefreshToken);
        return AskForLogin(context, "the refresh token is no good any more: it has expired, the password has changed, or it is of another registry. Log in again.");
    }

    private Refusal RefuseService(string service) => service.Length == 0 || service == issuer.Configuration.Service
        ? Refusal.None
        : ErrorCode.TokenRequestInvalid.With($"'{service}' is not this registry, which is called '{issuer.Configuration.Service}' (auth.htpasswd.issuer.service).", ("service", service));

    private Refusal AskForLogin(HttpContext context, string reason)
    {
        context.Response.Headers.WWWAuthenticate = $"Basic realm={BearerChallenge.Quoted(issuer.Configuration.Service)}";
        return ErrorCode.Unauthorized.With(reason);
    }

    private static string Field(Dictionary<string, StringValues> form, string name) => form.GetValueOrDefault(name).ToString();

    private static bool IsTrue(StringValues value) => value.ToString() is "true" or "1";
}
