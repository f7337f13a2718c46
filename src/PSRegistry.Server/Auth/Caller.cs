using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Auth;

/// <summary>Who sent a request, and what their login allows.</summary>
/// <param name="Name">The user; empty for one without a name.</param>
/// <param name="Grants">What the login allows.</param>
internal sealed record Caller(string Name, IReadOnlyList<ResourceScope> Grants)
{
    private static readonly IReadOnlyList<ResourceScope> Everything =
    [
        new(ResourceScope.Repository, ResourceScope.EveryName, AccessActions.Everything),
        new(ResourceScope.Catalog.Type, ResourceScope.EveryName, AccessActions.Everything),
    ];

    /// <summary>Somebody without a login.</summary>
    public static Caller Anonymous { get; } = WhoMayDoEverything("");

    public static Caller WhoMayDoEverything(string name) => new(name, Everything);

    /// <summary>Who sent this request; at a registry without logins, somebody who may do everything.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anonymous;

    /// <summary>Whether whoever sent this request may do this: by the login, and by the rules.</summary>
    public static bool May(HttpContext context, ResourceScope asked) =>
        Of(context).Holds(asked) && (context.Features.Get<AccessRights>()?.Allow(asked) ?? true);

    /// <summary>Whether the login allows this.</summary>
    public bool Holds(ResourceScope asked)
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
