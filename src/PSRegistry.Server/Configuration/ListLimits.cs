namespace PSRegistry.Server.Configuration;

/// <summary>The <c>catalog</c> section.</summary>
public sealed record CatalogConfiguration
{
    /// <summary>The most repositories in one answer; a larger page size is clamped. Key <c>catalog.maxentries</c>. Default: 1000.</summary>
    public int MaxEntries { get; init; } = 1000;
}

/// <summary>The <c>tags</c> section.</summary>
public sealed record TagsConfiguration
{
    /// <summary>The most tags in one answer; a larger page size is clamped. Key <c>tags.maxtags</c>. Default: 1000.</summary>
    public int MaxTags { get; init; } = 1000;
}
