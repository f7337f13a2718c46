using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage.Tests;

/// <summary>A driver on which another process does something after each of the changes that are made together, and after each deletion.</summary>
internal sealed class InterruptedDriver(IStorageDriver inner) : IStorageDriver
{
    public Func<ValueTask> AfterChanges { get; init; } = static () => ValueTask.CompletedTask;

    public Func<string, ValueTask> AfterDeletion { get; init; } = static _ => ValueTask.CompletedTask;

    public string Name => inner.Name;

    public ValueTask<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellationToken = default) => inner.ReadAsync(path, maxLength, cancellationToken);

    public ValueTask<IBlob?> OpenAsync(string path, CancellationToken cancellationToken = default) => inner.OpenAsync(path, cancellationToken);

    public ValueTask<StorageEntry?> GetEntryAsync(string path, CancellationToken cancellationToken = default) => inner.GetEntryAsync(path, cancellationToken);

    public ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(path, content, cancellationToken);

    public ValueTask<IStorageWriter> OpenWriterAsync(string path, CancellationToken cancellationToken = default) => inner.OpenWriterAsync(path, cancellationToken);

    public ValueTask MoveAsync(string source, string target, CancellationToken cancellationToken = default) => inner.MoveAsync(source, target, cancellationToken);

    public async ValueTask ApplyAsync(IReadOnlyList<StorageChange> changes, CancellationToken cancellationToken = default)
    {
        await inner.ApplyAsync(changes, cancellationToken);
        await AfterChanges();
    }

    public async ValueTask<bool> DeleteAsync(string path, bool durable = true, CancellationToken cancellationToken = default)
    {
        var deleted = await inner.DeleteAsync(path, durable, cancellationToken);
        await AfterDeletion(path);
        return deleted;
    }

    public IAsyncEnumerable<StorageEntry> ListAsync(string path, CancellationToken cancellationToken = default) => inner.ListAsync(path, cancellationToken);
}
