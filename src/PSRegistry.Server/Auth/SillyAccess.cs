using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>Lets in whoever sends any Authorization header (<c>auth.silly</c>): a stand-in for trials of clients, as in the original.</summary>
internal sealed class SillyAccess(SillyConfiguration silly) : IAccess
{
    private static readonly Caller Anybody = Caller.WhoMayDoEverything("silly");

    public ValueTask<Identity> IdentifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked) =>
        ValueTask.FromResult(context.Request.Headers.Authorization.ToString().Length > 0 ? Anybody : Identity.Nobody);

    public Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, ResourceScope? missing)
    {
        // Unlike with real tokens, the original asks for each action by itself here.
        var scopes = asked.SelectMany(scope => ResourceScope.ActionNames(scope.Actions).Select(action => $"{scope.Type}:{scope.Name}:{action}"));
        context.Response.Headers.WWWAuthenticate = BearerChallenge.Of(silly.Realm, silly.Service, string.Join(' ', scopes), null);
        return ErrorCode.Unauthorized.With("send an Authorization header; this registry takes any.");
    }
}
