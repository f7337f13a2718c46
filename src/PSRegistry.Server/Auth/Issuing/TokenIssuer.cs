using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>Gives out tokens to the users of the htpasswd file, and to strangers what the rules allow everybody.</summary>
internal sealed class TokenIssuer(IssuerConfiguration issuer, IssuerKeys keys, HtpasswdLogin logins, AccessRules? rules, LoginAudit audit, TimeProvider clock)
{
    private readonly AccessTokens _access = new(issuer, keys, clock);
    private readonly RefreshTokens _refresh = new(issuer, keys, clock);

    public IssuerConfiguration Configuration => issuer;

    /// <summary>Checks passwords.</summary>
    public HtpasswdLogin Logins => logins;

    /// <summary>Counts and tells refusals.</summary>
    public LoginAudit Audit => audit;

    /// <summary>When tokens of now are given out.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>An access token for a user (empty for strangers), and what it allows of what was asked.</summary>
    public (string Token, IReadOnlyList<ResourceScope> Granted) IssueAccess(string user, IReadOnlyList<ResourceScope> asked)
    {
        var granted = asked.Select(scope => scope with { Actions = Allowed(user, scope) }).Where(scope => scope.Actions != AccessActions.None).ToList();
        return (_access.Issue(user, granted), granted);
    }

    /// <summary>The same under other rules.</summary>
    public TokenIssuer With(AccessRules? other) => new(issuer, keys, logins, other, audit, clock);

    public string IssueRefresh(HtpasswdEntry entry) => _refresh.Issue(entry);

    /// <summary>Whose refresh token it is; null for one that is no good (any more).</summary>
    public HtpasswdEntry? Verify(string refreshToken, HtpasswdUsers users) => _refresh.Verify(refreshToken, users);

    /// <summary>What of it the rules allow. They are asked again at each request, so a token for every repository is none for a forbidden one.</summary>
    private AccessActions Allowed(string user, ResourceScope scope)
    {
        if (rules is null)
            return user.Length > 0 ? scope.Actions : AccessActions.None;
        var rights = rules.Of(user);
        if (scope.Type != ResourceScope.Repository)
            return rights.Allow(scope) ? scope.Actions : AccessActions.None;
        if (scope.Name == ResourceScope.EveryName)
            return scope.Actions;
        var allowed = rights.ActionsIn(scope.Name);
        // Everything is more than the sum of what has a name.
        return scope.Actions == AccessActions.Everything && allowed == (AccessActions.Pull | AccessActions.Push | AccessActions.Delete)
            ? scope.Actions
            : scope.Actions & allowed;
    }
}
