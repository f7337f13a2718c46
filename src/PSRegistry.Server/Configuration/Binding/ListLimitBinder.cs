namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>catalog</c> and <c>tags</c>, where zero means the default.</summary>
internal static class ListLimitBinder
{
    public static CatalogConfiguration Catalog(ValueReader values)
    {
        var defaults = new CatalogConfiguration();

        // The original takes a negative number for unset here (and not in tags.maxtags), so files with one exist.
        if (Scalars.TryInteger(values.Node("catalog.maxentries"), out var written) && written < 0)
        {
            values.Faults.Warning("catalog.maxentries", values.Node("catalog.maxentries")!.Origin,
                "a limit is not negative; the default counts", $"Write {defaults.MaxEntries}");
            return defaults;
        }
        return values.Integer("catalog.maxentries") is > 0 and var limit ? new() { MaxEntries = limit } : defaults;
    }

    public static TagsConfiguration Tags(ValueReader values) =>
        values.Integer("tags.maxtags") is > 0 and var limit ? new() { MaxTags = limit } : new();
}
