using Microsoft.AspNetCore.Http;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>A way to log in: tells who sends a request. What they may do is decided behind it.</summary>
internal interface IAccess
{
    /// <summary>Who sent the request, by what it brings along. Nothing of its body is read.</summary>
    /// <param name="context">The request.</param>
    /// <param name="asked">What it asks to do, for the challenge.</param>
    ValueTask<Identity> IdentifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked);

    /// <summary>The refusal of one who could get further by logging in, with the challenge in the answer's headers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="asked">What it asks to do; empty where it is enough to be known.</param>
    /// <param name="missing">What the caller may not do; null for one who brought nothing.</param>
    Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, ResourceScope? missing);
}

/// <summary>Who sent a request: a caller, nobody in particular (neither is set), or somebody who is turned away.</summary>
/// <param name="Caller">Who they are, and what their login allows.</param>
/// <param name="Refusal">Why what they brought does not count.</param>
internal readonly record struct Identity(Caller? Caller, Refusal Refusal)
{
    public static Identity Nobody => default;

    public static implicit operator Identity(Caller caller) => new(caller, Refusal.None);

    public static implicit operator Identity(Refusal refusal) => new(null, refusal);
}
