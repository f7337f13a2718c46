using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// A driver whose every action is timed and traced, under the names that the original gives them. It stands in the way only where
/// somebody wants to know; the bytes of blobs and uploads go past it.
/// </summary>
public sealed class MeasuredDriver : IStorageDriver, IWatchesFolders, IStampsFolders
{
    private readonly IStorageDriver _driver;
    private readonly StorageInstruments _instruments;

    private MeasuredDriver(IStorageDriver driver, Meter meter)
    {
        _driver = driver;
        _instruments = new StorageInstruments(meter);
    }

    /// <summary>The name of the source of its spans.</summary>
    public const string SpanSource = "PSRegistry.Storage";

    /// <inheritdoc/>
    public string Name => _driver.Name;

    internal static ActivitySource Spans { get; } = new(SpanSource);

    /// <summary>Measures a driver. What that one cannot prove about folders, the result cannot either.</summary>
    /// <param name="driver">Does the work.</param>
    /// <param name="meter">Has the instruments.</param>
    public static MeasuredDriver Around(IStorageDriver driver, Meter meter)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(meter);
        return new MeasuredDriver(driver, meter);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellationToken = default)
    {
        using var step = Begin("GetContent", path);
        return step.Done(await _driver.ReadAsync(path, maxLength, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<IBlob?> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        using var step = Begin("Reader", path);
        return step.Done(await _driver.OpenAsync(path, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<StorageEntry?> GetEntryAsync(string path, CancellationToken cancellationToken = default)
    {
        using var step = Begin("Stat", path);
        return step.Done(await _driver.GetEntryAsync(path, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        using var step = Begin("PutContent", path);
        await _driver.WriteAsync(path, content, cancellationToken);
        step.Done();
    }

    /// <inheritdoc/>
    public async ValueTask<IStorageWriter> OpenWriterAsync(string path, CancellationToken cancellationToken = default)
    {
        using var step = Begin("Writer", path);
        return step.Done(await _driver.OpenWriterAsync(path, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask MoveAsync(string source, string target, CancellationToken cancellationToken = default)
    {
        using var step = Begin("Move", target);
        await _driver.MoveAsync(source, target, cancellationToken);
        step.Done();
    }

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(IReadOnlyList<StorageChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        using var step = Begin("Apply", changes.Count > 0 ? changes[0].Path : "");
        await _driver.ApplyAsync(changes, cancellationToken);
        step.Done();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string path, bool durable = true, CancellationToken cancellationToken = default)
    {
        using var step = Begin("Delete", path);
        return step.Done(await _driver.DeleteAsync(path, durable, cancellationToken));
    }

    /// <inheritdoc/>
    /// <remarks>What is measured is the time to the first entry: how long the rest takes is up to whoever reads it.</remarks>
    public async IAsyncEnumerable<StorageEntry> ListAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var entries = _driver.ListAsync(path, cancellationToken).GetAsyncEnumerator(cancellationToken);
        if (!await FirstAsync(entries, path))
            yield break;
        do
            yield return entries.Current;
        while (await entries.MoveNextAsync());
    }

    private async ValueTask<bool> FirstAsync(IAsyncEnumerator<StorageEntry> entries, string path)
    {
        using var step = Begin("List", path);
        return step.Done(await entries.MoveNextAsync());
    }

    private StorageStep Begin(string action, string path) => new(_instruments, _driver.Name, action, path);

    IFolderWatch? IWatchesFolders.Watch(string top) => (_driver as IWatchesFolders)?.Watch(top);

    IFolderMark? IWatchesFolders.Mark(string folder) => (_driver as IWatchesFolders)?.Mark(folder);

    void IWatchesFolders.ForgetMarks() => (_driver as IWatchesFolders)?.ForgetMarks();

    void IWatchesFolders.HearOfChanges() => (_driver as IWatchesFolders)?.HearOfChanges();

    FolderStamp? IStampsFolders.Stamp(string folder) => (_driver as IStampsFolders)?.Stamp(folder);
}
