using Microsoft.AspNetCore.Http;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>Decides who may come in, and what for.</summary>
internal interface IAccess : IDisposable
{
    /// <summary>
    /// Why the request is refused, with the challenge in the answer's headers; nothing of its body was read. Of who comes in with
    /// limits, the <see cref="Caller"/> is kept with the request.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="asked">What it asks to do; empty where it is enough to be known.</param>
    ValueTask<Refusal> CheckAsync(HttpContext context, IReadOnlyList<ResourceScope> asked);
}
