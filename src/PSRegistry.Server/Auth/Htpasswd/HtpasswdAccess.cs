using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>Knows who logs in with a user of the htpasswd file (<c>auth.htpasswd</c>), or as the one user of a command, by the password in each request.</summary>
internal sealed class HtpasswdAccess(string realm, HtpasswdLogin logins) : IAccess
{
    private readonly string _challenge = $"Basic realm={BearerChallenge.Quoted(realm)}";

    public ValueTask<Identity> IdentifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 0)
            return ValueTask.FromResult(Identity.Nobody);
        if (!BasicCredentials.TryParse(header, out var credentials))
            return ValueTask.FromResult<Identity>(Challenge(context, asked, null));
        var login = logins.CheckAsync(context, credentials);
        return login.IsCompletedSuccessfully ? ValueTask.FromResult(Identify(context, login.Result)) : WaitAsync(context, login);
    }

    public Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, ResourceScope? missing) =>
        Challenge(context, "log in with a user of this registry.");

    private async ValueTask<Identity> WaitAsync(HttpContext context, ValueTask<LoginVerdict> login) => Identify(context, await login);

    private Identity Identify(HttpContext context, LoginVerdict verdict) => verdict switch
    {
        { Entry: { } entry } => entry.Caller,
        { Refusal.Exists: true } => verdict.Refusal,
        _ => Challenge(context, HtpasswdLogin.Wrong),
    };

    private Refusal Challenge(HttpContext context, string reason)
    {
        context.Response.Headers.WWWAuthenticate = _challenge;
        return ErrorCode.Unauthorized.With(reason);
    }
}
