using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Auth;

/// <summary>Who sent a request, and what they may do.</summary>
/// <param name="Name">The user; empty for one without a name.</param>
/// <param name="Grants">What they may do.</param>
internal sealed record Caller(string Name, IReadOnlyList<ResourceScope> Grants)
{
    private static readonly IReadOnlyList<ResourceScope> Everything =
    [
        new(ResourceScope.Repository, ResourceScope.EveryName, AccessActions.Everything),
        new(ResourceScope.Catalog.Type, ResourceScope.EveryName, AccessActions.Everything),
    ];

    private static readonly Caller Anybody = WhoMayDoEverything("");

    public static Caller WhoMayDoEverything(string name) => new(name, Everything);

    /// <summary>Who sent this request; at a registry without logins, somebody who may do everything.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anybody;

    /// <summary>Whether they may do this.</summary>
    public bool May(ResourceScope asked)
    {
        // Two entries of a token may each allow a part.
        var missing = asked.Actions;
        foreach (var grant in Grants)
        {
            if (grant.IsAbout(asked))
                missing &= ~grant.Actions;
        }
        return missing == AccessActions.None;
    }
}
