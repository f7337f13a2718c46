using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>What a request asks to do, as the original says it in its challenges.</summary>
internal static class RequestScopes
{
    private const AccessActions Writing = AccessActions.Pull | AccessActions.Push;

    public static IReadOnlyList<ResourceScope> Of(HttpRequest request, RegistryRoute route)
    {
        if (route.Kind is RouteKind.Catalog)
            return [ResourceScope.Catalog];
        if (route.Name is not { } name || Actions(request.Method, route.Kind) is not (not AccessActions.None and var actions))
            return [];
        var asked = new ResourceScope(ResourceScope.Repository, name.ToString(), actions);
        return MountSource(request, route.Kind) is { } source ? Join(asked, source.ToString()) : [asked];
    }

    /// <summary>Taking back one's own upload is part of pushing: clients have no token for <c>delete</c> then, which the original asks for.</summary>
    private static AccessActions Actions(string method, RouteKind kind) => method switch
    {
        _ when HttpMethods.IsGet(method) || HttpMethods.IsHead(method) => AccessActions.Pull,
        _ when HttpMethods.IsDelete(method) => kind is RouteKind.Upload ? Writing : AccessActions.Delete,
        _ when HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method) => Writing,
        _ => AccessActions.None,
    };

    /// <summary>What is no name is no source either: the upload then begins without it.</summary>
    private static RepositoryName? MountSource(HttpRequest request, RouteKind kind) =>
        kind is RouteKind.Uploads && request.Query["from"].ToString() is { Length: > 0 } from && RepositoryName.TryParse(from, out var source) ? source : null;

    private static IReadOnlyList<ResourceScope> Join(ResourceScope asked, string source) =>
        source == asked.Name ? [asked] : [asked, new(ResourceScope.Repository, source, AccessActions.Pull)];
}
