using Microsoft.AspNetCore.Http;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>Decides who may come in, and what for.</summary>
internal interface IAccess
{
    /// <summary>
    /// Why the request is refused, with the challenge in the answer's headers; nothing of its body was read. With one that comes in
    /// its <see cref="Caller"/> is kept.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="asked">What it asks to do; empty where it is enough to be known.</param>
    ValueTask<Refusal> CheckAsync(HttpContext context, IReadOnlyList<ResourceScope> asked);
}
