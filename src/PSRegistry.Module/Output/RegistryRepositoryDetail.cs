namespace PSRegistry.Output;

/// <summary>A repository with what is in it at the moment: Get-RegistryCatalog -Detailed.</summary>
public sealed class RegistryRepositoryDetail : RegistryRepository
{
    internal RegistryRepositoryDetail(string registry, string repository, int tags)
        : base(registry, repository) => TagCount = tags;

    /// <summary>How many tags it has.</summary>
    public int TagCount { get; }
}
