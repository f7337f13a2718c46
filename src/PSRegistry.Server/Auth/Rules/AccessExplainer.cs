using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>Says whether somebody may do something, and which rule or switch decides it, as the gate and the endpoints would.</summary>
internal static class AccessExplainer
{
    public static AccessAnswer Explain(RegistryConfiguration configuration, AccessQuestion question)
    {
        if (question.User is { } user && WhyNobody(configuration.Auth, user) is { } reason)
            return No(reason);
        var answer = configuration.Access is { } access ? ByRules(access, configuration.Auth, question) : WithoutRules(configuration.Auth, question);
        return answer.IsAllowed && SwitchedOff(configuration.Storage, question.Action) is { } off ? answer with { IsAllowed = false, Reason = off } : answer;
    }

    private static AccessAnswer WithoutRules(AuthConfiguration auth, AccessQuestion question)
    {
        var asksForLogin = auth is not { OneUser: null, Htpasswd: null, Token: null, Silly: null };
        return (asksForLogin, question.User) switch
        {
            (true, null) => No("There are no rules (access.rules), so a login is needed for everything."),
            (true, _) => new(true, null, null, "There are no rules (access.rules), so whoever logs in may do everything" + (auth.Token is null ? "." : " that the token says.")),
            _ => new(true, null, null, "There is neither a login (auth) nor a rule (access.rules), so everybody may do everything."),
        };
    }

    private static AccessAnswer ByRules(AccessConfiguration access, AuthConfiguration auth, AccessQuestion question)
    {
        var rights = new AccessRules(access).Of(question.User ?? "");
        var who = question.User ?? "strangers";
        var isList = question.Action is RegistryAction.Catalog;
        var rule = isList ? rights.ListRule : question.Repository is { } name ? rights.Find(FlagOf(question.Action), name) : null;
        var what = isList ? "listing the repositories" : $"{question.Action.ToString().ToLowerInvariant()} in {question.Repository}";
        if (rule is null)
            return No($"None of the {access.Rules.Count} rules allows {who} {what}.");
        if (isList && question.Repository is { } hidden && !rights.MayPull(hidden))
            return No($"The list of repositories is shown to {who}, but without {hidden}: no rule allows pull in it.", rule);
        var alsoToken = auth.Token is not null && question.User is not null ? " The token has to say so too." : "";
        var needsToken = question.User is null && auth is { Htpasswd.Issuer: null } ? " docker and podman ask for a login all the same: add auth.htpasswd.issuer." : "";
        return new(true, rule.Configuration.Text, rule.Configuration.Origin, $"The rule in {rule.Configuration.Origin} allows {who} {what}.{alsoToken}{needsToken}");
    }

    /// <summary>Why nobody comes in as this user; null when somebody can, or when only another server knows.</summary>
    private static string? WhyNobody(AuthConfiguration auth, string user)
    {
        try
        {
            return auth switch
            {
                { OneUser: { } one } => one.Current().Find(user) is null ? $"Nobody can log in as '{user}': the server knows one other user." : null,
                { Htpasswd: { } htpasswd } => HtpasswdUsers.Parse(File.ReadAllText(htpasswd.Path)).Find(user) is null
                    ? $"Nobody can log in as '{user}': '{htpasswd.Path}' (auth.htpasswd.path) has no such user with a bcrypt hash."
                    : null,
                _ => null,
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"Nobody can log in: '{auth.Htpasswd!.Path}' (auth.htpasswd.path) cannot be read: {fault.Message}";
        }
    }

    private static string? SwitchedOff(StorageConfiguration storage, RegistryAction action) => action switch
    {
        RegistryAction.Push or RegistryAction.Delete when storage.ReadOnly => "Nothing may be written: the registry is in read-only mode (storage.maintenance.readonly.enabled).",
        RegistryAction.Delete when !storage.DeleteEnabled => "Deletion is switched off (storage.delete.enabled).",
        _ => null,
    };

    private static AccessActions FlagOf(RegistryAction action) => action switch
    {
        RegistryAction.Pull => AccessActions.Pull,
        RegistryAction.Push => AccessActions.Push,
        _ => AccessActions.Delete,
    };

    private static AccessAnswer No(string reason, AccessRule? rule = null) => new(false, rule?.Configuration.Text, rule?.Configuration.Origin, reason);
}
