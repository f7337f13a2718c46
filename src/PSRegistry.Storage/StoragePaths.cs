using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>
/// Where everything is. The tree is that of the original, so that either can serve what the other wrote:
/// <code>
/// docker/registry/v2/
/// ├── blobs/&lt;algorithm&gt;/&lt;first two hex digits&gt;/&lt;hex&gt;/data     every blob and manifest of all repositories, once
/// └── repositories/
///     ├── _psregistry/                                         ours: what belongs to no repository
///     └── &lt;name&gt;/
///         ├── _layers/&lt;algorithm&gt;/&lt;hex&gt;/link                   the repository holds this blob
///         ├── _manifests/
///         │   ├── revisions/&lt;algorithm&gt;/&lt;hex&gt;/link            the repository holds this manifest
///         │   └── tags/&lt;tag&gt;/
///         │       ├── current/link                            what the tag names now
///         │       └── index/&lt;algorithm&gt;/&lt;hex&gt;/link            what it ever named
///         └── _uploads/&lt;id&gt;/
///             ├── data                                        what has arrived
///             ├── startedat                                   when it began, RFC 3339, UTC
///             └── hashstates/                                 the original's; void as soon as we append
/// </code>
/// A link holds the text of a digest and nothing else: it need not be the digest in its own path (the original files
/// sha512 content under its sha256). A repository exists when it has <c>_manifests</c> or <c>_layers</c>.
/// Only parsed names get in here, so no path is ever made of raw input.
/// </summary>
internal static class StoragePaths
{
    public const string Root = "docker/registry/v2";
    public const string Repositories = Root + "/repositories";
    public const string Link = "link";
    public const string Manifests = "_manifests";
    public const string Layers = "_layers";
    public const string Uploads = "_uploads";

    public static string BlobData(Digest digest) => $"{Root}/blobs/{digest.Algorithm.Name}/{digest.Hex[..2]}/{digest.Hex}/data";

    public static string Repository(RepositoryName name) => $"{Repositories}/{name}";

    public static string ManifestsFolder(RepositoryName name) => $"{Repositories}/{name}/_manifests";

    public static string LayersFolder(RepositoryName name) => $"{Repositories}/{name}/_layers";

    public static string Layer(RepositoryName name, Digest digest) => $"{Repositories}/{name}/_layers/{digest.Algorithm.Name}/{digest.Hex}";

    public static string LayerLink(RepositoryName name, Digest digest) => Layer(name, digest) + "/link";

    public static string Revisions(RepositoryName name, DigestAlgorithm algorithm) => $"{Repositories}/{name}/_manifests/revisions/{algorithm.Name}";

    public static string Revision(RepositoryName name, Digest digest) => $"{Repositories}/{name}/_manifests/revisions/{digest.Algorithm.Name}/{digest.Hex}";

    public static string RevisionLink(RepositoryName name, Digest digest) => Revision(name, digest) + "/link";

    public static string Tags(RepositoryName name) => $"{Repositories}/{name}/_manifests/tags";

    public static string TagFolder(RepositoryName name, Tag tag) => $"{Repositories}/{name}/_manifests/tags/{tag}";

    public static string TagLinkFolder(RepositoryName name, Tag tag) => $"{Repositories}/{name}/_manifests/tags/{tag}/current";

    public static string TagLink(RepositoryName name, Tag tag) => $"{Repositories}/{name}/_manifests/tags/{tag}/current/link";

    public static string TagIndexLink(RepositoryName name, Tag tag, Digest digest) =>
        $"{Repositories}/{name}/_manifests/tags/{tag}/index/{digest.Algorithm.Name}/{digest.Hex}/link";

    public static string UploadsFolder(RepositoryName name) => $"{Repositories}/{name}/_uploads";

    public static string Upload(RepositoryName name, UploadId id) => $"{Repositories}/{name}/_uploads/{id}";

    public static string UploadData(RepositoryName name, UploadId id) => Upload(name, id) + "/data";

    public static string UploadStartedAt(RepositoryName name, UploadId id) => Upload(name, id) + "/startedat";

    public static string UploadHashStates(RepositoryName name, UploadId id) => Upload(name, id) + "/hashstates";
}
