namespace PSRegistry.Server.Http;

/// <summary>What a path addresses.</summary>
internal enum RouteKind
{
    /// <summary>Nothing that a registry has.</summary>
    Unknown,

    /// <summary><c>/</c>: alive.</summary>
    Root,

    /// <summary><c>/v2/</c></summary>
    Base,

    /// <summary><c>/v2</c>, which is sent on to <c>/v2/</c>.</summary>
    BaseWithoutSlash,

    /// <summary><c>/v2/_catalog</c></summary>
    Catalog,

    /// <summary><c>/v2/&lt;name&gt;/tags/list</c></summary>
    Tags,

    /// <summary><c>/v2/&lt;name&gt;/manifests/&lt;tag or digest&gt;</c></summary>
    Manifest,

    /// <summary><c>/v2/&lt;name&gt;/blobs/&lt;digest&gt;</c></summary>
    Blob,

    /// <summary><c>/v2/&lt;name&gt;/blobs/uploads/</c></summary>
    Uploads,

    /// <summary><c>/v2/&lt;name&gt;/blobs/uploads/&lt;id&gt;</c></summary>
    Upload,

    /// <summary><c>/v2/&lt;name&gt;/referrers/&lt;digest&gt;</c></summary>
    Referrers,

    /// <summary><c>/livez</c>: the process answers.</summary>
    Live,

    /// <summary><c>/readyz</c>: requests are welcome.</summary>
    Ready,
}
