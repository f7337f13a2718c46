using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using PSRegistry.Oci;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// A folder on a disk. Small files are read in place, without a thread change: they come from the page cache, and a hop to
/// another thread costs more than the read.
/// </summary>
public sealed class FileSystemDriver : IStorageDriver, IWatchesFolders, IStampsFolders
{
    private readonly FileSystemPaths _paths;
    private readonly DurableFolders _folders;

    /// <summary>Whether to ask the system itself: what costs there is the number of calls, and most of those of .NET only look.</summary>
    private readonly bool _direct;

    private readonly Lazy<FolderWatcher?> _watcher;
    private readonly GroupedChanges? _grouped;
    private readonly bool _stamps;

    /// <summary>Opens a data folder, making it where missing.</summary>
    /// <param name="rootDirectory">The folder; <c>docker/registry/v2</c> goes inside.</param>
    /// <exception cref="StorageException">It cannot be made.</exception>
    public FileSystemDriver(string rootDirectory)
        : this(new FileSystemPaths(rootDirectory))
    {
    }

    internal FileSystemDriver(FileSystemPaths paths)
    {
        _paths = paths;
        _folders = new DurableFolders(_paths.Root);
        _direct = LinuxCalls.AreSupported && !_paths.IgnoresCase;
        FileSystemFaults.Translate(_paths.Root, _folders.MakeRoot);
        _grouped = _direct && GroupCommit.TryOpen(_paths.Root) is { } group ? new GroupedChanges(_paths, _folders, group, new ReplacedFiles()) : null;
        _stamps = _direct && LocalFileSystem.Holds(_paths.Root);
        _watcher = new Lazy<FolderWatcher?>(() => FolderWatcher.TryOpen(_paths.Root));
    }

    /// <inheritdoc/>
    public string Name => "filesystem";

    /// <summary>The folder, as a full path.</summary>
    public string RootDirectory => _paths.Root;

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellationToken = default)
    {
        try
        {
            if (_direct && SmallFile.TryRead(_paths.ToFull(path), out var small) && !(small?.Length > maxLength))
                return ValueTask.FromResult(small);
            using var handle = OpenToRead(path, out var length);
            if (handle is null)
                return default;
            if (length > maxLength)
                throw new StorageException(StorageFault.Damaged, $"'{path}' has {length} bytes, more than the {maxLength} that it may have.");
            var content = new byte[length];
            var read = 0;
            while (read < content.Length && RandomAccess.Read(handle, content.AsSpan(read), read) is var count and > 0)
                read += count;
            return ValueTask.FromResult<byte[]?>(read == content.Length ? content : content[..read]);
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
            throw FileSystemFaults.ToStorageException(path, fault);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IBlob?> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IBlob?>(OpenToRead(path, out var length) is { } handle ? new FileBlob(handle, length, path) : null);

    /// <inheritdoc/>
    public ValueTask<StorageEntry?> GetEntryAsync(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            if (_direct)
                return ValueTask.FromResult(LinuxCalls.Look(_paths.ToFull(path))?.ToEntry(path[(path.LastIndexOf('/') + 1)..]));
            var file = new FileInfo(_paths.ToFull(path));
            if (file.Exists && _paths.IsSpelledSo(file.FullName))
                return ValueTask.FromResult<StorageEntry?>(new StorageEntry(file.Name, false, file.Length, file.LastWriteTimeUtc));
            return ValueTask.FromResult<StorageEntry?>(
                (int)file.Attributes != -1 && file.Attributes.HasFlag(FileAttributes.Directory) && _paths.IsSpelledSo(file.FullName)
                ? new StorageEntry(file.Name, true, 0, file.LastWriteTimeUtc)
                : null);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
            throw FileSystemFaults.ToStorageException(path, fault);
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        FileSystemFaults.Translate(path, () =>
        {
            var target = _paths.ToFull(path);
            _paths.RefuseOtherSpelling(target);
            _folders.Write(target, content);
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IStorageWriter> OpenWriterAsync(string path, CancellationToken cancellationToken = default) =>
        FileSystemFaults.Translate(path, () =>
        {
            var target = _paths.ToFull(path);
            if (_direct)
            {
                var open = LinuxCalls.OpenFileToAppend(target, out var length);
                if (open is null)
                {
                    DurableFolders.MakeUnflushed(Path.GetDirectoryName(target)!);
                    open = LinuxCalls.OpenFileToAppend(target, out length);
                }
                if (open is not null)
                    return ValueTask.FromResult<IStorageWriter>(new FileWriter(open, length, path));
            }
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var handle = File.OpenHandle(target, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return ValueTask.FromResult<IStorageWriter>(new FileWriter(handle, RandomAccess.GetLength(handle), path));
        });

    /// <inheritdoc/>
    public ValueTask MoveAsync(string source, string target, CancellationToken cancellationToken = default)
    {
        FileSystemFaults.Translate(target, () =>
        {
            var from = _paths.ToFull(source);
            var to = _paths.ToFull(target);
            _folders.InParentOf(to, () =>
            {
                if (!File.Exists(from))
                    throw new StorageException(StorageFault.Failed, $"'{source}' cannot be moved: there is no such file.");
                DurableFile.Replace(from, to);
            });
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(IReadOnlyList<StorageChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (_grouped is { IsQuick: true } grouped)
        {
            await grouped.ApplyAsync(changes);
            return;
        }
        foreach (var change in changes)
        {
            if (change.Source is { } source)
            {
                FileSystemFaults.Translate(source, () => DurableFile.FlushFile(_paths.ToFull(source)));
                await MoveAsync(source, change.Path, cancellationToken);
            }
            else if (change.Content is { } content)
            {
                await WriteAsync(change.Path, content, cancellationToken);
            }
            else
            {
                await DeleteAsync(change.Path, durable: false, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, bool durable = true, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(FileSystemFaults.Translate(path, () =>
        {
            var target = _paths.ToFull(path);
            var deleted = _paths.IsSpelledSo(target) && FolderRemoval.Delete(target);
            if (deleted)
                _folders.Deleted(target, durable);
            return deleted;
        }));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StorageEntry> ListAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var folder = _paths.ToFull(path);
        foreach (var entry in FileSystemFaults.Translate(path, () => _paths.IsSpelledSo(folder) ? FolderListing.Read(folder) : []))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
        await Task.CompletedTask;
    }

    FolderStamp? IStampsFolders.Stamp(string folder) => _stamps && LinuxCalls.Look(_paths.ToFull(folder)) is { IsFolder: true } look ? look.Stamp : null;

    IFolderWatch? IWatchesFolders.Watch(string top) => _watcher.Value is { } watcher ? new FolderWatch(watcher, _paths, top) : null;

    IFolderMark? IWatchesFolders.Mark(string folder) => _watcher.Value?.Mark(_paths.ToFull(folder));

    void IWatchesFolders.ForgetMarks() => _watcher.Value?.ForgetMarks();

    void IWatchesFolders.HearOfChanges() => _watcher.Value?.Hear();

    /// <summary>
    /// Looks before it opens: a missing file is an everyday answer (every layer is asked for before it is pushed), and an
    /// exception for it would cost twenty times the look.
    /// </summary>
    private SafeFileHandle? OpenToRead(string path, out long length)
    {
        length = 0;
        var full = _paths.ToFull(path);
        try
        {
            if (_direct)
                return LinuxCalls.OpenFile(full, out length);
            if (!File.Exists(full) || !_paths.IsSpelledSo(full))
                return null;
            var handle = File.OpenHandle(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            length = RandomAccess.GetLength(handle);
            return handle;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
            throw FileSystemFaults.ToStorageException(path, fault);
        }
    }
}
