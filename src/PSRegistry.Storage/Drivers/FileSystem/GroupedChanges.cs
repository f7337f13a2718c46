using System.Runtime.CompilerServices;

namespace PSRegistry.Storage.Drivers;

/// <summary>Takes the changes of each request through a <see cref="GroupCommit"/>.</summary>
internal sealed class GroupedChanges(FileSystemPaths paths, DurableFolders folders, GroupCommit group, ReplacedFiles replaced)
{
    /// <summary>More than this is flushed by its own request, so that the others do not wait for it.</summary>
    private const long OwnFlushFrom = 256 * 1024;

    /// <summary>Each one is lost only when another process took the folder away in that very moment.</summary>
    private const int Attempts = 100;

    /// <summary>Whether files flushed one by one would be slower at this moment.</summary>
    public bool IsQuick => group.IsQuick;

    public async ValueTask ApplyAsync(IReadOnlyList<StorageChange> changes)
    {
        // What goes at the end need not be durable: it goes by the request's own thread, while the group goes on with others.
        var kept = changes.Count;
        while (kept > 0 && changes[kept - 1] is { Content: null, Source: null })
            kept--;
        var steps = new List<Step>(kept);
        try
        {
            FlushLarge(changes);
            if (kept > 0)
            {
                await group.PublishAsync(
                    () =>
                    {
                        foreach (var change in changes.Take(kept))
                            FileSystemFaults.Translate(change.Path, () => steps.Add(Prepare(change, steps)));
                    },
                    () => steps.ForEach(Publish));
            }
            foreach (var change in changes.Skip(kept))
                Remove(paths.ToFull(change.Path));
        }
        catch (Exception fault)
        {
            // As far as it goes: the fault to tell is the one that happened first.
            foreach (var step in steps.Where(step => step.Kind == StepKind.Write))
                DurableFile.Discard(step.Aside);
            if (FileSystemFaults.IsFault(fault))
                throw FileSystemFaults.ToStorageException(changes[^1].Path, fault);
            throw;
        }
    }

    private Step Prepare(StorageChange change, List<Step> before)
    {
        var target = paths.ToFull(change.Path);
        if (change.Source is null && change.Content is null)
            return new Step(StepKind.Remove, change, target);
        var folder = Path.GetDirectoryName(target)!;
        for (var attempt = 1; ; attempt++)
        {
            var isNew = DurableFolders.MakeUnflushed(folder);
            var isCovered = group.Covers(folder);
            if (change.Source is { } source)
            {
                var from = paths.ToFull(source);
                if (!isCovered)
                    DurableFile.FlushFile(from);
                return new Step(StepKind.Move, change, target) { Aside = from, IsCovered = isCovered };
            }
            try
            {
                var content = change.Content!.Value;
                if (!isCovered)
                    return new Step(StepKind.Write, change, target) { Aside = DurableFile.WriteAside(target, content) };
                var present = isNew ? null : Look(target);
                if (present is { } file && IsTrusted(file) && before.TrueForAll(step => step.LeavesAlone(target)) && Holds(target, content.Span, fromDisk: !group.HeardOf(file)))
                    return new Step(StepKind.Keep, change, target) { Kept = file.State };
                return new Step(StepKind.Write, change, target)
                {
                    Aside = DurableFile.WriteAsideUnflushed(target, content),
                    IsCovered = true,
                    ReplacesSmall = present is { IsFile: true, Length: <= ReplacedFiles.LargestKept },
                };
            }
            catch (DirectoryNotFoundException) when (attempt < Attempts)
            {
            }
        }
    }

    /// <summary>Whether a flush of the group makes durable what is read there, whoever wrote it.</summary>
    private bool IsTrusted(in FileLook file) => group.Covers(file) && !group.HasFailed;

    /// <summary>What is there; null also for what cannot be looked at, which is replaced.</summary>
    private static FileLook? Look(string file)
    {
        try
        {
            return LinuxCalls.Look(file);
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a file holds what it is to hold: what was pushed before is pushed again every day, and a look costs less than a file
    /// that is replaced.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="fromDisk">
    /// Whether to read what is on the disk, or is about to be: what the system once failed to write stays in memory as if it had.
    /// </param>
    [SkipLocalsInit]
    private static bool Holds(string file, ReadOnlySpan<byte> content, bool fromDisk)
    {
        try
        {
            using var handle = LinuxCalls.OpenFile(file, out var length);
            if (handle is null || length != content.Length)
                return false;
            if (fromDisk)
                LinuxCalls.ForgetWritten(handle);
            Span<byte> part = stackalloc byte[4096];
            for (var at = 0; at < content.Length;)
            {
                var count = RandomAccess.Read(handle, part, at);
                if (count == 0 || !content[at..].StartsWith(part[..count]))
                    return false;
                at += count;
            }
            return true;
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
            return false;
        }
    }

    private void FlushLarge(IReadOnlyList<StorageChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Source is null)
                continue;
            var file = paths.ToFull(change.Source);
            if (LinuxCalls.Look(file) is not { } look)
                throw new StorageException(StorageFault.Failed, $"'{change.Source}' cannot be moved: there is no such file.");
            if (look.Length >= OwnFlushFrom)
                DurableFile.FlushFile(file);
        }
    }

    private void Publish(Step step)
    {
        if (step.Kind == StepKind.Remove)
        {
            Remove(step.Target);
            return;
        }
        try
        {
            if (step.Kind != StepKind.Keep)
                PutInPlace(step);
            else if (Look(step.Target)?.State != step.Kept)
                folders.Write(step.Target, step.Change.Content!.Value);
        }
        catch (DirectoryNotFoundException)
        {
            // Someone removed the folder since, and what was written aside with it.
            if (step.Change.Content is { } content)
                folders.Write(step.Target, content);
            else
                folders.InParentOf(step.Target, () => DurableFile.Replace(step.Aside, step.Target));
        }
    }

    private void PutInPlace(Step step)
    {
        if (step.ReplacesSmall)
            replaced.Replace(step.Aside, step.Target);
        else if (step.IsCovered)
            DurableFile.Replace(step.Aside, step.Target);
        else
            folders.InParentOf(step.Target, () => DurableFile.Replace(step.Aside, step.Target));
    }

    private void Remove(string target)
    {
        if (FolderRemoval.Delete(target))
            folders.Deleted(target, durable: false);
    }

    private enum StepKind
    {
        /// <summary>What was written aside gets its name.</summary>
        Write,

        /// <summary>A file that holds its content already stays.</summary>
        Keep,

        /// <summary>A file that someone else wrote gets its name.</summary>
        Move,

        /// <summary>A file or folder goes.</summary>
        Remove,
    }

    /// <summary>What is left to do of a change once all files are on the disk.</summary>
    private readonly record struct Step(StepKind Kind, StorageChange Change, string Target)
    {
        /// <summary>What gets the name of the target.</summary>
        public string Aside { get; init; } = "";

        /// <summary>The file that stays; another one, or none, if another process came in between.</summary>
        public (ulong Device, ulong Inode, long Seconds, uint Nanoseconds)? Kept { get; init; }

        /// <summary>Whether the flush of the group takes in the target's folder.</summary>
        public bool IsCovered { get; init; }

        /// <summary>Whether it replaces a file that <see cref="ReplacedFiles"/> takes.</summary>
        public bool ReplacesSmall { get; init; }

        /// <summary>Whether a file will be as it is now once this is done.</summary>
        public bool LeavesAlone(string file) =>
            Kind == StepKind.Keep
            || (file != Target && file != Aside && !(Kind == StepKind.Remove && file.StartsWith(Target + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
    }
}
