using PSRegistry.Oci;

namespace PSRegistry.Errors;

/// <summary>A registry does not take a manifest, for reasons of its content.</summary>
public sealed class ContentRefusedException : Exception
{
    internal ContentRefusedException(string target, IReadOnlyList<RegistryError> errors)
        : base($"The registry does not take the manifest for {target}: {string.Join("; ", errors)}")
    {
        Errors = errors;
    }

    /// <summary>What the registry has against it.</summary>
    public IReadOnlyList<RegistryError> Errors { get; }
}
