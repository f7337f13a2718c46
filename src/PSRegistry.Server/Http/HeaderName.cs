namespace PSRegistry.Server.Http;

/// <summary>Headers that only registries have.</summary>
internal static class HeaderName
{
    /// <summary>Which API this is; on every answer.</summary>
    public const string ApiVersion = "Docker-Distribution-Api-Version";

    /// <summary>The digest of the content that the answer is about.</summary>
    public const string ContentDigest = "Docker-Content-Digest";

    /// <summary>The id of an upload.</summary>
    public const string UploadUuid = "Docker-Upload-UUID";

    /// <summary>The subject that a pushed manifest was filed under (OCI distribution spec, "Pushing manifests with subject").</summary>
    public const string OciSubject = "OCI-Subject";

    /// <summary>The tags of <c>?tag=</c> that were moved.</summary>
    public const string OciTag = "OCI-Tag";

    /// <summary>Which filters a list of referrers went through.</summary>
    public const string OciFiltersApplied = "OCI-Filters-Applied";
}
