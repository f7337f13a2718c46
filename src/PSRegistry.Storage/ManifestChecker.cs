using System.Collections.Immutable;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>Checks that everything a manifest refers to is in the repository, and names all that is not.</summary>
internal sealed class ManifestChecker(RepositoryName name, IStorageDriver driver, IBlobStore blobs, ManifestRules rules)
{
    public async ValueTask<ImmutableArray<RegistryError>> CheckAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var errors = ImmutableArray.CreateBuilder<RegistryError>();
        if (manifest.Config is { } config)
            await CheckBlobAsync(config, "config", errors, cancellationToken);
        foreach (var layer in manifest.Layers)
            await CheckLayerAsync(layer, errors, cancellationToken);
        foreach (var child in manifest.Manifests)
            await CheckChildAsync(child, errors, cancellationToken);
        return errors.ToImmutable();
    }

    private async ValueTask CheckLayerAsync(Descriptor layer, ImmutableArray<RegistryError>.Builder errors, CancellationToken cancellationToken)
    {
        foreach (var url in layer.Urls)
        {
            if (!rules.AllowsUrl(url))
            {
                errors.Add(ErrorCode.ManifestInvalid.With(
                    $"layer {layer.Digest} names the URL '{url}', which is no http(s) URL or not among those that validation.manifests.urls allows.",
                    ("digest", layer.Digest.ToString()),
                    ("url", url)));
            }
        }
        if (layer.Urls.IsEmpty || !MediaTypes.IsForeignLayer(layer.MediaType))
            await CheckBlobAsync(layer, "layer", errors, cancellationToken);
    }

    private async ValueTask CheckChildAsync(Descriptor child, ImmutableArray<RegistryError>.Builder errors, CancellationToken cancellationToken)
    {
        if (!rules.Demands(child))
            return;
        // Build caches list their layers, plain blobs, where an index has its manifests.
        if (await Links.ReadAsync(driver, StoragePaths.RevisionLink(name, child.Digest), cancellationToken) is not null)
            return;
        if (!MediaTypes.IsManifest(child.MediaType))
        {
            await CheckBlobAsync(child, "content", errors, cancellationToken);
            return;
        }
        errors.Add(ErrorCode.ManifestBlobUnknown.With(
            $"the index lists manifest {child.Digest}{(child.Platform is null ? "" : $" for {child.Platform}")}, which is not in {name}; push it first.",
            ("digest", child.Digest.ToString())));
    }

    private async ValueTask CheckBlobAsync(
        Descriptor blob, string role, ImmutableArray<RegistryError>.Builder errors, CancellationToken cancellationToken)
    {
        if (await blobs.GetSizeAsync(blob.Digest, cancellationToken) is null)
        {
            errors.Add(ErrorCode.ManifestBlobUnknown.With(
                $"{role} {blob.Digest} is not in {name}; push or mount it first.",
                ("digest", blob.Digest.ToString())));
        }
    }
}
