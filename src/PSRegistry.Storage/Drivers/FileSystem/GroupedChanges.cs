using System.Runtime.CompilerServices;

namespace PSRegistry.Storage.Drivers;

/// <summary>Changes of one request on their way through a <see cref="GroupCommit"/>.</summary>
internal sealed class GroupedChanges(FileSystemPaths paths, DurableFolders folders, GroupCommit group, ReplacedFiles replaced)
{
    /// <summary>More than this is flushed by its own request, so that the others do not wait for it.</summary>
    private const long OwnFlushFrom = 256 * 1024;

    /// <summary>Each one is lost only when another process took the folder away in that very moment.</summary>
    private const int Attempts = 100;

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
                        {
                            if (FileSystemFaults.Translate(change.Path, () => Prepare(change, steps)) is { } step)
                                steps.Add(step);
                        }
                    },
                    () => steps.ForEach(Publish));
            }
            foreach (var change in changes.Skip(kept))
                Remove(paths.ToFull(change.Path));
        }
        catch (Exception fault)
        {
            // As far as it goes: the fault to tell is the one that happened first.
            foreach (var step in steps.Where(step => step.Change.Content is not null))
                DurableFile.Discard(step.Aside);
            if (FileSystemFaults.IsFault(fault))
                throw FileSystemFaults.ToStorageException(changes[^1].Path, fault);
            throw;
        }
    }

    /// <summary>What is left to do once the files are on the disk; null when what is there says the same already.</summary>
    private Step? Prepare(StorageChange change, List<Step> before)
    {
        var target = paths.ToFull(change.Path);
        if (change.Source is null && change.Content is null)
            return new Step(change, "", target, IsCovered: true, ReplacesSmall: false);
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
                return new Step(change, from, target, isCovered, ReplacesSmall: false);
            }
            try
            {
                var content = change.Content!.Value;
                if (!isCovered)
                    return new Step(change, DurableFile.WriteAside(target, content), target, isCovered, ReplacesSmall: false);
                var present = isNew ? null : LinuxCalls.Look(target);
                if (present?.Length == content.Length && before.TrueForAll(step => step.LeavesAlone(target)) && Holds(target, content.Span))
                    return null;
                var replacesSmall = present is { IsFile: true, Length: <= ReplacedFiles.LargestKept };
                return new Step(change, DurableFile.WriteAsideUnflushed(target, content), target, isCovered, replacesSmall);
            }
            catch (DirectoryNotFoundException) when (attempt < Attempts)
            {
            }
        }
    }

    /// <summary>
    /// Whether a file holds what it is to hold: what was pushed before is pushed again every day, and a look costs less than a file
    /// that is replaced. The group flushes what it found, whoever wrote it. What cannot be read is replaced.
    /// </summary>
    [SkipLocalsInit]
    private static bool Holds(string file, ReadOnlySpan<byte> content)
    {
        try
        {
            using var handle = LinuxCalls.OpenFile(file, out var length);
            if (handle is null || length != content.Length)
                return false;
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
        if (step.Aside.Length == 0)
        {
            Remove(step.Target);
            return;
        }
        try
        {
            if (step.ReplacesSmall)
                replaced.Replace(step.Aside, step.Target);
            else if (step.IsCovered)
                DurableFile.Replace(step.Aside, step.Target);
            else
                folders.InParentOf(step.Target, () => DurableFile.Replace(step.Aside, step.Target));
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

    private void Remove(string target)
    {
        if (FolderRemoval.Delete(target))
            folders.Deleted(target, durable: false);
    }

    private readonly record struct Step(StorageChange Change, string Aside, string Target, bool IsCovered, bool ReplacesSmall)
    {
        /// <summary>Whether a file will be as it is now once this is done.</summary>
        public bool LeavesAlone(string file) =>
            file != Target && file != Aside && !(Aside.Length == 0 && file.StartsWith(Target + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }
}
