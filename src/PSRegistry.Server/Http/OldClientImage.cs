using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>
/// Clients from before multi-platform images ask a tag for an image and cannot read a docker manifest list: they get its
/// linux/amd64 image. Everyone else gets what is stored, whatever their Accept says.
/// </summary>
internal static class OldClientImage
{
    public static async ValueTask<StoredManifest> ChooseAsync(HttpContext context, IRepository repository, StoredManifest list)
    {
        context.Response.Headers.Vary = "Accept";
        var accept = context.Request.Headers.Accept;
        if (!AcceptHeader.WantsImageOnly(accept, MediaTypes.DockerManifest) || !Manifest.TryParse(list.Content, null, out var index, out _))
            return list;
        foreach (var child in index.Manifests)
        {
            if (child.MediaType == MediaTypes.DockerManifest && child.Platform is { Os: "linux", Architecture: "amd64" }
                && await repository.Manifests.GetAsync(child.Digest, context.RequestAborted) is { } image)
            {
                return image;
            }
        }
        return list;
    }
}
