using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>
/// Decides who may come in, and what for. Two things have to allow a request: the login (a password allows everything, a token what it
/// says), and the rules of <c>access</c>, where there are any.
/// </summary>
/// <param name="access">How one logs in.</param>
/// <param name="rules">What who may do; null where a login is enough.</param>
internal sealed class AccessGate(IAccess access, AccessRules? rules)
{
    /// <summary>
    /// Why the request is refused, with the challenge in the answer's headers; nothing of its body was read. With one that comes in
    /// its <see cref="Caller"/> is kept.
    /// </summary>
    public ValueTask<Refusal> CheckAsync(HttpContext context, IReadOnlyList<ResourceScope> asked)
    {
        var identity = access.IdentifyAsync(context, asked);
        return identity.IsCompletedSuccessfully ? ValueTask.FromResult(Decide(context, asked, identity.Result)) : WaitAsync(context, asked, identity);
    }

    private async ValueTask<Refusal> WaitAsync(HttpContext context, IReadOnlyList<ResourceScope> asked, ValueTask<Identity> identity) =>
        Decide(context, asked, await identity);

    private Refusal Decide(HttpContext context, IReadOnlyList<ResourceScope> asked, Identity identity)
    {
        if (identity.Refusal.Exists)
            return identity.Refusal;
        // docker asks /v2/ alone how to log in, so that has no answer without a login though strangers may pull.
        if (identity.Caller is null && (rules is null || asked.Count == 0))
            return access.Challenge(context, asked, null);
        var caller = identity.Caller ?? Caller.Anonymous;
        // Also where they may not: the logs tell whom it was about.
        if (identity.Caller is not null)
            context.Features.Set(caller);
        var rights = rules?.Of(caller.Name);
        for (var i = 0; i < asked.Count; i++)
        {
            var isAllowed = rights is null || rights.Allow(asked[i]);
            if (isAllowed && caller.Holds(asked[i]))
                continue;
            // The source of a mount that may not be pulled from is none: the upload then begins without it.
            if (!isAllowed && i > 0)
                continue;
            // Another token would not help.
            if (!isAllowed && caller.Name.Length > 0)
                return Deny(caller.Name, asked[i]);
            return access.Challenge(context, asked, identity.Caller is null ? null : asked[i]);
        }
        context.Features.Set(caller);
        if (rights is not null)
            context.Features.Set(rights);
        return Refusal.None;
    }

    private static Refusal Deny(string user, ResourceScope missing) =>
        ErrorCode.Denied.With($"no rule allows {user} {missing}; whoever runs this registry adds one under access.rules.", ("scope", missing.ToString()));
}
