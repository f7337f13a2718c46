namespace PSRegistry.Oci;

/// <summary>What an image runs on (OCI image spec, index, "platform").</summary>
/// <param name="Os">Operating system, for instance <c>linux</c>.</param>
/// <param name="Architecture">Processor, in Go's spelling, for instance <c>amd64</c>.</param>
/// <param name="Variant">Variant of the processor, for instance <c>v8</c>, or null.</param>
/// <param name="OsVersion">Version of the operating system, used by Windows images, or null.</param>
public sealed record Platform(string Os, string Architecture, string? Variant = null, string? OsVersion = null)
{
    /// <summary>Whether this is what a user names by <c>os/architecture[/variant]</c>; without a variant any will do.</summary>
    public bool Matches(string wanted) => wanted == ToString() || wanted == $"{Os}/{Architecture}";

    /// <summary><c>os/architecture[/variant]</c>.</summary>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
