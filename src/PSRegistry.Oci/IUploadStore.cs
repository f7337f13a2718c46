namespace PSRegistry.Oci;

/// <summary>The upload sessions of one repository.</summary>
public interface IUploadStore
{
    /// <summary>Opens a new session.</summary>
    /// <param name="algorithm">What its content will be addressed by, so that it is hashed on the way in; another one costs a second reading.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IUploadSession> StartAsync(DigestAlgorithm algorithm, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes up a session, waiting until whoever holds it lets go; null when there is none. Sessions outlive the server.
    /// </summary>
    ValueTask<IUploadSession?> ResumeAsync(UploadId id, CancellationToken cancellationToken = default);

    /// <summary>The same, of a session that may be written nowhere yet.</summary>
    /// <param name="id">The session's name.</param>
    /// <param name="begunAt">When it was opened: the caller knows that it was, and that nothing had arrived when that was last told. Null when it does not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IUploadSession?> ResumeAsync(UploadId id, DateTimeOffset? begunAt, CancellationToken cancellationToken = default) => ResumeAsync(id, cancellationToken);

    /// <summary>How far a session has come, without waiting for whoever holds it; null when there is none.</summary>
    ValueTask<UploadStatus?> GetStatusAsync(UploadId id, CancellationToken cancellationToken = default);

    /// <summary>The same, of a session that may be written nowhere yet.</summary>
    /// <param name="id">The session's name.</param>
    /// <param name="begunAt">When it was opened: the caller knows that it was, and that nothing had arrived when that was last told. Null when it does not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<UploadStatus?> GetStatusAsync(UploadId id, DateTimeOffset? begunAt, CancellationToken cancellationToken = default) => GetStatusAsync(id, cancellationToken);
}
