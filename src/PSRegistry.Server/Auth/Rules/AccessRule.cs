using System.Collections.Frozen;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>A rule of <c>access.rules</c>, ready to be asked.</summary>
internal sealed class AccessRule
{
    private readonly FrozenSet<string> _users;
    private readonly RepositoryPattern[] _repositories;

    public AccessRule(AccessRuleConfiguration rule)
    {
        Configuration = rule;
        _users = rule.Users.ToFrozenSet(StringComparer.Ordinal);
        _repositories = [.. rule.Repositories.Select(RepositoryPattern.TryParse).OfType<RepositoryPattern>()];
        foreach (var action in rule.Actions)
            Actions |= ActionsOf(action);
        IsAboutEverything = _repositories.Any(pattern => pattern.MatchesEverything);
        AllowsLists = rule.Actions.Contains(RegistryAction.Catalog);
    }

    public AccessRuleConfiguration Configuration { get; }

    /// <summary>What it allows in its repositories.</summary>
    public AccessActions Actions { get; }

    /// <summary>Whether it leaves out no repository.</summary>
    public bool IsAboutEverything { get; }

    /// <summary>Whether it allows to list the repositories.</summary>
    public bool AllowsLists { get; }

    /// <summary>Whether it is about this user; strangers have no name.</summary>
    public bool IsFor(string user) => Configuration.Anonymous || (user.Length > 0 && (Configuration.EveryUser || _users.Contains(user)));

    /// <summary>Whether it is about this repository.</summary>
    public bool IsAbout(ReadOnlySpan<char> repository, string user)
    {
        foreach (var pattern in _repositories)
        {
            if (pattern.Matches(repository, user))
                return true;
        }
        return false;
    }

    /// <summary>What a word of the configuration allows. Clients look for what is there before they send, so pushing takes both.</summary>
    private static AccessActions ActionsOf(RegistryAction action) => action switch
    {
        RegistryAction.Pull => AccessActions.Pull,
        RegistryAction.Push => AccessActions.Pull | AccessActions.Push,
        RegistryAction.Delete => AccessActions.Delete,
        _ => AccessActions.None,
    };
}
