using System.Collections.Immutable;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Reads an OCI layout: <c>index.json</c>, and all content under <c>blobs/algorithm/hex</c>.</summary>
internal sealed class OciLayoutReader(IArchiveFiles files)
{
    private const string IndexFile = "index.json", RefName = "org.opencontainers.image.ref.name", ContainerdName = "io.containerd.image.name";

    private ImmutableArray<Descriptor> _listed = [];

    /// <summary>What the layout lists, once it was read.</summary>
    public ImmutableArray<Descriptor> Listed => _listed;

    /// <summary>A reader; null when it is no OCI layout.</summary>
    public static OciLayoutReader? Find(IArchiveFiles files) => files.Find(IndexFile) is not null && files.Find("oci-layout") is not null
        ? new OciLayoutReader(files)
        : null;

    /// <summary>The images that the layout lists, with the names of the docker archive that it may be at the same time.</summary>
    public async ValueTask<IReadOnlyList<ArchivedImage>> ReadImagesAsync(IReadOnlyList<ArchivedImage> docker, CancellationToken cancellationToken)
    {
        var content = await ArchiveJson.ReadAsync(files, files.Find(IndexFile)!, cancellationToken);
        if (!Manifest.TryParse(content, MediaTypes.OciIndex, out var index, out var fault))
            throw new ArchiveException(files.Name, $"'{IndexFile}' in '{files.Name}' is not what it should be: {ServerText.Clean(fault)}");
        _listed = index.Manifests;
        var images = new List<ArchivedImage>();
        foreach (var named in index.Manifests.GroupBy(manifest => manifest.Digest))
        {
            var manifest = named.First();
            if (await GetManifestAsync(manifest.Digest, cancellationToken) is not { } stored)
                throw new ArchiveException(files.Name,
                    $"'{files.Name}' is incomplete: the manifest {manifest.Digest}, which its {IndexFile} lists, is missing.");
            if (Manifest.TryParse(stored.Content, stored.MediaType, out var parsed, out _) && parsed.Subject is not null && named.All(one => NameOf(one) is null))
                continue;
            var names = named.Select(NameOf).OfType<string>().ToList();
            if (parsed?.Config is { } config && docker.FirstOrDefault(image => image.Id == config.Digest) is { } same)
            {
                // Docker's own layout has plain layers: they are compressed on the way, as docker itself would.
                if (parsed.Layers.All(IsPlain))
                {
                    images.Add(same);
                    continue;
                }
                names = [.. same.Names];
            }
            images.Add(new ArchivedImage { Names = [.. names.Distinct(StringComparer.Ordinal)], Manifest = manifest, Id = manifest.Digest });
        }
        return images;
    }

    public async ValueTask<StoredManifest?> GetManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        await using var blob = await OpenBlobAsync(digest, cancellationToken);
        if (blob is null)
            return null;
        var content = await WholeBlob.ReadAsync(blob, Manifest.MaxSize, cancellationToken)
            ?? throw new ArchiveException(files.Name,
                $"'{files.Name}' is refused: the manifest {digest} has {blob.Size} bytes, more than the 4 MiB that one may have.");
        return new StoredManifest(digest, ManifestType.Sniff(content), content);
    }

    public async ValueTask<IBlob?> OpenBlobAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (Find(digest) is not { } entry)
            return null;
        return new VerifiedBlob(await files.OpenAsync(entry, cancellationToken), digest, actual => new ArchiveException(
            files.Name, $"'{files.Name}' is refused: '{entry.Path}' is not what its name says, its bytes have the digest {actual}."));
    }

    /// <summary>The configuration of an image; null for a list of images, and where it is missing or longer than one may be.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadConfigAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (await GetManifestAsync(digest, cancellationToken) is not { } stored
            || !Manifest.TryParse(stored.Content, stored.MediaType, out var manifest, out _)
            || manifest.Config is not { } config)
        {
            return null;
        }
        await using var blob = await OpenBlobAsync(config.Digest, cancellationToken);
        return blob is null ? null : await WholeBlob.ReadAsync(blob, ImageConfiguration.MaxSize, cancellationToken);
    }

    /// <summary>The file of a blob; null when it is not there.</summary>
    public ArchiveEntry? Find(Digest digest) => files.Find($"blobs/{digest.Algorithm.Name}/{digest.Hex}");

    /// <summary>Those among the listed manifests that refer to the subject; a layout has no other place for them.</summary>
    public async ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, CancellationToken cancellationToken)
    {
        var referrers = new List<Descriptor>();
        foreach (var listed in _listed)
        {
            var stored = await GetManifestAsync(listed.Digest, cancellationToken);
            if (stored is not null && Manifest.TryParse(stored.Content, stored.MediaType, out var manifest, out _) && manifest.Subject?.Digest == subject)
                referrers.Add(listed);
        }
        return referrers;
    }

    private static bool IsPlain(Descriptor layer) =>
        layer.MediaType is "application/vnd.oci.image.layer.v1.tar" or "application/vnd.docker.image.rootfs.diff.tar";

    private static string? NameOf(Descriptor manifest) => manifest.Annotations.GetValueOrDefault(ContainerdName) ?? manifest.Annotations.GetValueOrDefault(RefName);
}
