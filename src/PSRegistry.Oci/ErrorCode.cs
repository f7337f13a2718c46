namespace PSRegistry.Oci;

/// <summary>
/// Every error that a registry answers with: code, standard message and HTTP status, declared once
/// (OCI distribution spec, "Error codes"; the rest are those of the Docker registry API).
/// </summary>
public sealed class ErrorCode
{
    private ErrorCode(string name, int status, string message)
    {
        Name = name;
        Status = status;
        Message = message;
    }

    /// <summary>A fault of the server.</summary>
    public static ErrorCode Unknown { get; } = new("UNKNOWN", 500, "unknown error");

    /// <summary>The operation is not offered, or switched off.</summary>
    public static ErrorCode Unsupported { get; } = new("UNSUPPORTED", 405, "the operation is unsupported");

    /// <summary>A login is needed.</summary>
    public static ErrorCode Unauthorized { get; } = new("UNAUTHORIZED", 401, "authentication required");

    /// <summary>Logged in, but not allowed.</summary>
    public static ErrorCode Denied { get; } = new("DENIED", 403, "requested access to the resource is denied");

    /// <summary>The server or its storage cannot do it at the moment.</summary>
    public static ErrorCode Unavailable { get; } = new("UNAVAILABLE", 503, "service unavailable");

    /// <summary>The client asks too much at once.</summary>
    public static ErrorCode TooManyRequests { get; } = new("TOOMANYREQUESTS", 429, "too many requests");

    /// <summary>A digest that cannot be parsed, or that is not the content's.</summary>
    public static ErrorCode DigestInvalid { get; } = new("DIGEST_INVALID", 400, "provided digest did not match uploaded content");

    /// <summary>The content's length is not the one announced.</summary>
    public static ErrorCode SizeInvalid { get; } = new("SIZE_INVALID", 400, "provided length did not match content length");

    /// <summary>A range outside the content, or not the next one of an upload.</summary>
    public static ErrorCode RangeInvalid { get; } = new("RANGE_INVALID", 416, "invalid content range");

    /// <summary>A repository name that breaks the grammar.</summary>
    public static ErrorCode NameInvalid { get; } = new("NAME_INVALID", 400, "invalid repository name");

    /// <summary>A tag that breaks the grammar.</summary>
    public static ErrorCode TagInvalid { get; } = new("TAG_INVALID", 400, "manifest tag did not match URI");

    /// <summary>No such repository.</summary>
    public static ErrorCode NameUnknown { get; } = new("NAME_UNKNOWN", 404, "repository name not known to registry");

    /// <summary>No such manifest or tag in the repository.</summary>
    public static ErrorCode ManifestUnknown { get; } = new("MANIFEST_UNKNOWN", 404, "manifest unknown");

    /// <summary>The manifest cannot be accepted.</summary>
    public static ErrorCode ManifestInvalid { get; } = new("MANIFEST_INVALID", 400, "manifest invalid");

    /// <summary>The manifest is larger than a registry takes (OCI distribution spec, "Pushing manifests": 413).</summary>
    public static ErrorCode ManifestTooLarge { get; } = new("MANIFEST_INVALID", 413, "manifest too large");

    /// <summary>The manifest refers to content that the repository does not hold.</summary>
    public static ErrorCode ManifestBlobUnknown { get; } = new("MANIFEST_BLOB_UNKNOWN", 400, "blob unknown to registry");

    /// <summary>No such blob in the repository.</summary>
    public static ErrorCode BlobUnknown { get; } = new("BLOB_UNKNOWN", 404, "blob unknown to registry");

    /// <summary>No such upload session.</summary>
    public static ErrorCode BlobUploadUnknown { get; } = new("BLOB_UPLOAD_UNKNOWN", 404, "blob upload unknown to registry");

    /// <summary>The upload session cannot be continued in this way.</summary>
    public static ErrorCode BlobUploadInvalid { get; } = new("BLOB_UPLOAD_INVALID", 404, "blob upload invalid");

    /// <summary>No part of the API is at that path.</summary>
    public static ErrorCode NotFound { get; } = new("UNSUPPORTED", 404, "page not found");

    /// <summary>A token is asked for in a way that is not understood.</summary>
    public static ErrorCode TokenRequestInvalid { get; } = new("UNSUPPORTED", 400, "token request invalid");

    /// <summary>A page size that is no number or negative.</summary>
    public static ErrorCode PaginationNumberInvalid { get; } = new("PAGINATION_NUMBER_INVALID", 400, "invalid number of results requested");

    /// <summary>Every code above; must stay behind them.</summary>
    private static readonly ErrorCode[] Known =
    [
        Unknown, Unsupported, Unauthorized, Denied, Unavailable, TooManyRequests, DigestInvalid, SizeInvalid, RangeInvalid, NameInvalid, TagInvalid,
        NameUnknown, ManifestUnknown, ManifestInvalid, ManifestTooLarge, ManifestBlobUnknown, BlobUnknown, BlobUploadUnknown, BlobUploadInvalid,
        NotFound, TokenRequestInvalid, PaginationNumberInvalid,
    ];

    /// <summary>The code that another registry answered with; one that is not declared here keeps its name and has no message.</summary>
    /// <param name="name">The code on the wire.</param>
    /// <param name="status">The HTTP status it came with.</param>
    public static ErrorCode Received(string name, int status) =>
        Array.Find(Known, code => code.Name == name && code.Status == status)
        ?? Array.Find(Known, code => code.Name == name)
        ?? new ErrorCode(name, status, "");

    /// <summary>The code on the wire.</summary>
    public string Name { get; }

    /// <summary>The HTTP status it is answered with.</summary>
    public int Status { get; }

    /// <summary>The standard message.</summary>
    public string Message { get; }

    /// <summary>The error with its standard message followed by the reason and the remedy.</summary>
    /// <param name="reason">What exactly was refused, why, and what to do, as a sentence.</param>
    /// <param name="detail">Name and value of what it is about, for programs.</param>
    public RegistryError With(string reason, params ReadOnlySpan<(string Name, string Value)> detail) =>
        new(this, $"{Message}: {reason}", [.. detail]);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
