using PSRegistry.Oci;
using PSRegistry.Places;

namespace PSRegistry.Errors;

/// <summary>A data folder has no such repository.</summary>
public sealed class RepositoryNotFoundException : Exception
{
    internal RepositoryNotFoundException(RegistryPlace place, RepositoryName name)
        : base($"{place} has no repository {name}.")
    {
    }
}
