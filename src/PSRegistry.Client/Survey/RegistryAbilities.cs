namespace PSRegistry.Client;

/// <summary>What a registry offers to who asks. Null is what could not be found out, by this user or without changing anything.</summary>
public sealed record RegistryAbilities
{
    /// <summary>What is known of a registry that was not asked.</summary>
    public static RegistryAbilities Unknown { get; } = new();

    /// <summary>Whether it lists its repositories.</summary>
    public bool? Catalog { get; init; }

    /// <summary>Whether it gives that list page by page.</summary>
    public bool? CatalogPaging { get; init; }

    /// <summary>Whether it gives lists of tags page by page. A repository with two tags is needed to tell.</summary>
    public bool? TagPaging { get; init; }

    /// <summary>Whether it lists what refers to an image by itself (OCI distribution spec 1.1, "Listing referrers").</summary>
    public bool? Referrers { get; init; }

    /// <summary>Whether manifests can be deleted.</summary>
    public bool? Delete { get; init; }
}
