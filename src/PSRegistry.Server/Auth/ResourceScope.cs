namespace PSRegistry.Server.Auth;

/// <summary>
/// Actions on one resource, which a request asks for and a token grants: <c>repository:a/b:pull,push</c> (Docker registry token
/// specification, "Resource scope").
/// </summary>
internal readonly record struct ResourceScope(string Type, string Name, AccessActions Actions)
{
    public const string Repository = "repository";

    /// <summary>In a grant, every resource of the type. No repository can be called so.</summary>
    public const string EveryName = "*";

    /// <summary>What listing the repositories asks for.</summary>
    public static ResourceScope Catalog { get; } = new("registry", "catalog", AccessActions.Everything);

    /// <summary>Whether this, granted, is about the resource that is asked for.</summary>
    public bool IsAbout(ResourceScope asked) => Type == asked.Type && (Name == asked.Name || Name == EveryName);

    /// <summary>As it stands in a challenge.</summary>
    public override string ToString() => $"{Type}:{Name}:{string.Join(',', ActionNames(Actions))}";

    /// <summary>The names of actions; <c>*</c> alone where everything is meant.</summary>
    public static IEnumerable<string> ActionNames(AccessActions actions) => actions switch
    {
        AccessActions.Everything => ["*"],
        _ => Names.Where(action => actions.HasFlag(action.Flag)).Select(action => action.Name),
    };

    /// <summary>The action of that name; none for one that nothing here asks for.</summary>
    public static AccessActions ActionOf(string? name) =>
        name == "*" ? AccessActions.Everything : Array.Find(Names, action => action.Name == name).Flag;

    private static readonly (AccessActions Flag, string Name)[] Names =
        [(AccessActions.Pull, "pull"), (AccessActions.Push, "push"), (AccessActions.Delete, "delete")];
}
