namespace PSRegistry.Oci;

/// <summary>How far an upload has come.</summary>
/// <param name="Id">The session.</param>
/// <param name="Size">Bytes received so far.</param>
/// <param name="StartedAt">When it was opened.</param>
public sealed record UploadStatus(UploadId Id, long Size, DateTimeOffset StartedAt);
