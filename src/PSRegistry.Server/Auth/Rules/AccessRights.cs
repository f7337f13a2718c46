namespace PSRegistry.Server.Auth;

/// <summary>What the rules allow one user.</summary>
/// <param name="user">The user; empty for strangers.</param>
/// <param name="rules">The rules about the user.</param>
internal sealed class AccessRights(string user, AccessRule[] rules)
{
    private const AccessActions Known = AccessActions.Pull | AccessActions.Push | AccessActions.Delete;

    /// <summary>Whether there is no repository that may not be pulled from.</summary>
    public bool PullsEverything { get; } = rules.Any(rule => rule.IsAboutEverything && rule.Actions.HasFlag(AccessActions.Pull));

    /// <summary>The rule that allows to list the repositories; null for none.</summary>
    public AccessRule? ListRule { get; } = rules.FirstOrDefault(rule => rule.AllowsLists);

    /// <summary>Whether all of this is allowed.</summary>
    public bool Allow(ResourceScope asked) => asked.Type switch
    {
        ResourceScope.Repository when asked.Name == ResourceScope.EveryName => Everywhere(asked.Actions),
        ResourceScope.Repository => (asked.Actions & ~ActionsIn(asked.Name)) == AccessActions.None,
        _ => asked.Type == ResourceScope.Catalog.Type && ListRule is not null,
    };

    /// <summary>What is allowed in a repository.</summary>
    public AccessActions ActionsIn(string repository)
    {
        var actions = AccessActions.None;
        foreach (var rule in rules)
        {
            if ((rule.Actions & ~actions) != AccessActions.None && rule.IsAbout(repository, user))
                actions |= rule.Actions;
        }
        return actions;
    }

    public bool MayPull(string repository) => PullsEverything || ActionsIn(repository).HasFlag(AccessActions.Pull);

    /// <summary>The first rule that allows one action in a repository; null for none.</summary>
    public AccessRule? Find(AccessActions action, string repository) =>
        Array.Find(rules, rule => rule.Actions.HasFlag(action) && rule.IsAbout(repository, user));

    private bool Everywhere(AccessActions asked)
    {
        foreach (var rule in rules)
        {
            if (rule.IsAboutEverything)
                asked &= ~rule.Actions;
        }
        return (asked & Known) == AccessActions.None;
    }
}
