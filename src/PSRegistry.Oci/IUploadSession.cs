using System.IO.Pipelines;

namespace PSRegistry.Oci;

/// <summary>
/// An upload, held by one caller at a time; disposing lets go of it.
/// <code>
///  Start ──> open ──Append──> open ──Commit──> blob          a failed Append keeps what arrived
///             │                │──Cancel──> gone             a Commit with another digest discards the upload
/// </code>
/// </summary>
public interface IUploadSession : IAsyncDisposable
{
    /// <summary>The session's name.</summary>
    UploadId Id { get; }

    /// <summary>Bytes received so far.</summary>
    long Size { get; }

    /// <summary>When it was opened.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>Appends everything that <paramref name="body"/> yields; returns how many bytes that was.</summary>
    ValueTask<long> AppendAsync(PipeReader body, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends the last bytes, before a commit; returns how many they were. A few that are all of the content are kept in memory alone:
    /// when no commit follows they are lost, and the session is as it was.
    /// </summary>
    /// <param name="body">The bytes.</param>
    /// <param name="length">How many they are said to be; null where nobody said, and then nothing is kept back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<long> AppendLastAsync(PipeReader body, long? length, CancellationToken cancellationToken = default) => AppendAsync(body, cancellationToken);

    /// <summary>
    /// Makes the bytes received the blob <paramref name="digest"/> of the repository, durably, and ends the session.
    /// </summary>
    /// <returns>Null when that is done; the digest that the bytes really have, when it is another one.</returns>
    ValueTask<Digest?> CommitAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>Ends the session and discards what was received.</summary>
    ValueTask CancelAsync(CancellationToken cancellationToken = default);
}
