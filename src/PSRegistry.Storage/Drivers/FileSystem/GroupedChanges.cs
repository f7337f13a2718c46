namespace PSRegistry.Storage.Drivers;

/// <summary>Changes of one request on their way through a <see cref="GroupCommit"/>.</summary>
internal static class GroupedChanges
{
    /// <summary>More than this is flushed by its own request, so that the others do not wait for it.</summary>
    private const long OwnFlushFrom = 256 * 1024;

    public static async ValueTask ApplyAsync(
        IReadOnlyList<StorageChange> changes, FileSystemPaths paths, DurableFolders folders, GroupCommit group)
    {
        var steps = new List<Step>(changes.Count);
        var made = new List<string>();
        try
        {
            FlushLarge(changes, paths);
            await group.PublishAsync(
                () =>
                {
                    foreach (var change in changes)
                        FileSystemFaults.Translate(change.Path, () => steps.Add(Prepare(change, paths, folders, made)));
                },
                () => steps.ForEach(step => Publish(step, folders)));
            folders.Flushed(made);
        }
        catch (Exception fault)
        {
            foreach (var step in steps.Where(step => step.Change.Content is not null))
                File.Delete(step.Aside);
            if (FileSystemFaults.IsFault(fault))
                throw FileSystemFaults.ToStorageException(changes[^1].Path, fault);
            throw;
        }
    }

    private static Step Prepare(StorageChange change, FileSystemPaths paths, DurableFolders folders, List<string> made)
    {
        var target = paths.ToFull(change.Path);
        var aside = change.Source is { } source ? paths.ToFull(source) : "";
        if (change.Content is { } content)
            made.AddRange(folders.InParentOfUnflushed(target, () => aside = DurableFile.WriteAsideUnflushed(target, content)));
        else if (change.Source is not null)
            made.AddRange(folders.InParentOfUnflushed(target, static () => { }));
        return new Step(change, aside, target);
    }

    private static void FlushLarge(IReadOnlyList<StorageChange> changes, FileSystemPaths paths)
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

    /// <summary>Someone may have removed the folder since, and what was written aside with it.</summary>
    private static void Publish(Step step, DurableFolders folders)
    {
        if (step.Aside.Length == 0)
        {
            if (FolderRemoval.Delete(step.Target))
                folders.Deleted(step.Target, durable: false);
            return;
        }
        try
        {
            DurableFile.Replace(step.Aside, step.Target);
        }
        catch (DirectoryNotFoundException)
        {
            folders.InParentOf(step.Target, () =>
            {
                var aside = step.Change.Content is { } content ? DurableFile.WriteAside(step.Target, content) : step.Aside;
                DurableFile.Replace(aside, step.Target);
            });
        }
    }

    private readonly record struct Step(StorageChange Change, string Aside, string Target);
}
