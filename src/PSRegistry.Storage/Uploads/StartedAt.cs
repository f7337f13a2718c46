using System.Buffers;
using System.Globalization;
using System.Text;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>The <c>startedat</c> file of an upload: RFC 3339 in UTC without a line end, as the original reads it.</summary>
internal static class StartedAt
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Not flushed: an upload that a power cut undoes was never promised.</summary>
    public static async ValueTask WriteAsync(IStorageDriver driver, RepositoryName name, UploadId id, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var text = Encoding.ASCII.GetBytes(moment.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
        await using var writer = await driver.OpenWriterAsync(StoragePaths.UploadStartedAt(name, id), cancellationToken);
        await writer.AppendAsync(new ReadOnlySequence<byte>(text), cancellationToken);
    }

    /// <summary>When the upload began; null when there is none of that id.</summary>
    public static async ValueTask<DateTimeOffset?> ReadAsync(IStorageDriver driver, RepositoryName name, UploadId id, CancellationToken cancellationToken)
    {
        var path = StoragePaths.UploadStartedAt(name, id);
        if (await driver.ReadAsync(path, 1024, cancellationToken) is not { } content)
            return null;
        if (DateTimeOffset.TryParse(Encoding.ASCII.GetString(content), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return moment;
        // Cut by a crash: the file's own time is as good.
        return (await driver.GetEntryAsync(path, cancellationToken))?.ModifiedAt;
    }
}
