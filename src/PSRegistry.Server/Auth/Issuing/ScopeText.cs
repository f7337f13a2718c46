using PSRegistry.Oci;

namespace PSRegistry.Server.Auth;

/// <summary>Scopes as clients write them when they ask for a token: <c>repository:a/b:pull,push</c>, several behind spaces.</summary>
internal static class ScopeText
{
    /// <summary>One request pushes from few repositories to one; a token of more does not fit into a header.</summary>
    public const int Limit = 64;

    /// <summary>The scopes that mean something here. What does not is left out: a token may allow less than was asked for.</summary>
    public static IReadOnlyList<ResourceScope> Parse(IEnumerable<string?> texts)
    {
        var scopes = new Dictionary<(string Type, string Name), AccessActions>();
        foreach (var text in texts.SelectMany(text => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (ParseOne(text) is not { } scope)
                continue;
            scopes[(scope.Type, scope.Name)] = scopes.GetValueOrDefault((scope.Type, scope.Name)) | scope.Actions;
            if (scopes.Count == Limit)
                break;
        }
        return [.. scopes.Select(scope => new ResourceScope(scope.Key.Type, scope.Key.Name, scope.Value))];
    }

    private static ResourceScope? ParseOne(string text)
    {
        var (first, last) = (text.IndexOf(':', StringComparison.Ordinal), text.LastIndexOf(':'));
        if (first <= 0 || last <= first)
            return null;
        var (type, name) = (text[..first], text[(first + 1)..last]);
        // repository(plugin): the class of a resource, which nothing here depends on.
        var open = type.IndexOf('(', StringComparison.Ordinal);
        type = open > 0 && type[^1] == ')' ? type[..open] : type;
        var actions = text[(last + 1)..].Split(',').Aggregate(AccessActions.None, (all, action) => all | ResourceScope.ActionOf(action));
        var isKnown = type == ResourceScope.Repository
            ? name == ResourceScope.EveryName || RepositoryName.TryParse(name, out _)
            : (type, name) == (ResourceScope.Catalog.Type, ResourceScope.Catalog.Name);
        return isKnown && actions != AccessActions.None ? new ResourceScope(type, name, actions) : null;
    }
}
