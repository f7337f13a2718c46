using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PSRegistry.Oci;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>Knows who brings a token that was given out here, and still who brings a password: scripts with curl do.</summary>
internal sealed class IssuerAccess(TokenAccess tokens, HtpasswdLogin logins) : IAccess
{
    public ValueTask<Identity> IdentifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked)
    {
        var header = context.Request.Headers.Authorization;
        if (header is [{ } text] && text.StartsWith(BasicCredentials.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return logins.Recall(context, header) is { } known
                ? ValueTask.FromResult<Identity>(known.Caller)
                : IdentifyByPasswordAsync(context, header, asked);
        }
        var identity = tokens.IdentifyAsync(context, asked);
        return identity.IsCompletedSuccessfully ? ValueTask.FromResult(StillThere(context, asked, identity.Result)) : WaitAsync(context, asked, identity);
    }

    public Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, ResourceScope? missing) => tokens.Challenge(context, asked, missing);

    private async ValueTask<Identity> WaitAsync(HttpContext context, IReadOnlyList<ResourceScope> asked, ValueTask<Identity> identity) =>
        StillThere(context, asked, await identity);

    private async ValueTask<Identity> IdentifyByPasswordAsync(HttpContext context, StringValues header, IReadOnlyList<ResourceScope> asked)
    {
        if (!BasicCredentials.TryParse(header, out var credentials))
            return tokens.Challenge(context, asked, null);
        var verdict = await logins.CheckAsync(context, header, credentials);
        if (verdict.Entry is { } entry)
            return entry.Caller;
        if (verdict.Refusal.Exists)
            return verdict.Refusal;
        tokens.Challenge(context, asked, null);
        return (Refusal)ErrorCode.Unauthorized.With(HtpasswdLogin.Wrong);
    }

    /// <summary>A user who was taken out of the file is out, though the token would be good for a while.</summary>
    private Identity StillThere(HttpContext context, IReadOnlyList<ResourceScope> asked, Identity identity)
    {
        if (identity.Caller is not { Name.Length: > 0 } caller)
            return identity;
        if (logins.Users is not { } users)
            return HtpasswdLogin.UsersUnreadable();
        return users.Find(caller.Name) is not null ? identity : tokens.Refuse(context, asked, "is of a user who is no more");
    }
}
