namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>storage</c>.</summary>
internal static class StorageBinder
{
    private const string RootDirectory = "storage.filesystem.rootdirectory";
    private const string Purging = "storage.maintenance.uploadpurging";

    public static StorageConfiguration Bind(ValueReader values, MappingNode root)
    {
        var defaults = new StorageConfiguration();
        return new()
        {
            Driver = Driver(values),
            RootDirectory = Folder(values, root) ?? defaults.RootDirectory,
            DeleteEnabled = values.Boolean("storage.delete.enabled") ?? defaults.DeleteEnabled,
            ReadOnly = values.Boolean("storage.maintenance.readonly.enabled") ?? defaults.ReadOnly,
            UploadPurging = UploadPurging(values, defaults.UploadPurging),
            TagConcurrencyLimit = values.Integer("storage.tag.concurrencylimit") ?? defaults.TagConcurrencyLimit,
        };
    }

    /// <summary>Whether any driver is chosen, supported or not.</summary>
    public static bool HasDriver(ValueReader values) =>
        values.Node("storage") is MappingNode storage
        && storage.Entries.Any(entry => KeyTree.Root.Child("storage")!.Child(entry.Key)?.Kind is null or KeyKind.Choice);

    private static StorageDriverKind Driver(ValueReader values) =>
        values.Node("storage") is MappingNode storage && storage.Find("inmemory") is not null
            ? StorageDriverKind.InMemory
            : StorageDriverKind.FileSystem;

    private static string? Folder(ValueReader values, MappingNode root)
    {
        var written = (root.Find("storage") as MappingNode)?.Find("filesystem") is MappingNode driver
            ? driver.Find("rootdirectory")
            : null;
        if (written is not ScalarNode folder) return null;

        // The original would serve "./<nil>" or "/"; the default would be a guess about where somebody's images lie.
        if (!folder.IsNull && folder.Text.Trim().Length > 0) return folder.Text;
        values.Faults.Error(
            RootDirectory, folder.Origin, "the folder is empty", "Name the folder, or remove the key for /var/lib/registry");
        return null;
    }

    private static UploadPurgingConfiguration UploadPurging(ValueReader values, UploadPurgingConfiguration defaults)
    {
        var enabled = values.Boolean(Purging + ".enabled") ?? defaults.Enabled;
        if (!enabled) return defaults with { Enabled = false };
        return new()
        {
            Age = values.Duration(Purging + ".age", least: TimeSpan.Zero) ?? defaults.Age,
            Interval = values.Duration(Purging + ".interval", least: TimeSpan.FromTicks(1)) ?? defaults.Interval,
            DryRun = values.Boolean(Purging + ".dryrun") ?? defaults.DryRun,
        };
    }
}
