using System.Collections.Immutable;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>What an endpoint returns when it did not answer: why. Default means that it did.</summary>
internal readonly record struct Refusal(ImmutableArray<RegistryError> Errors)
{
    /// <summary>The request was answered.</summary>
    public static Refusal None => default;

    /// <summary>Whether there is anything to answer.</summary>
    public bool Exists => !Errors.IsDefaultOrEmpty;

    public static implicit operator Refusal(RegistryError error) => new([error]);

    public static implicit operator Refusal(ImmutableArray<RegistryError> errors) => new(errors);
}
