using System.Collections.Immutable;

namespace PSRegistry.Oci;

/// <summary>One refusal, as a registry answers it and a client reads it.</summary>
/// <param name="Code">What kind; its status is the answer's.</param>
/// <param name="Message">The standard message, the reason and the remedy.</param>
/// <param name="Detail">What it is about, as names and values.</param>
public sealed record RegistryError(ErrorCode Code, string Message, ImmutableArray<(string Name, string Value)> Detail)
{
    /// <summary>Code and message in one line.</summary>
    public override string ToString() => $"{Code.Name}: {Message}";
}
