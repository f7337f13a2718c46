namespace PSRegistry.Hosting;

/// <summary>What a rule of <c>access</c> allows.</summary>
public enum RegistryAction
{
    /// <summary>Read manifests, blobs, tags and referrers.</summary>
    Pull,

    /// <summary>Send blobs and manifests; reading is part of it.</summary>
    Push,

    /// <summary>Delete tags, manifests and blobs.</summary>
    Delete,

    /// <summary>List the repositories, as far as one may pull from them.</summary>
    Catalog,
}
