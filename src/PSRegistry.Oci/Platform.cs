namespace PSRegistry.Oci;

/// <summary>What an image runs on (OCI image spec, index, "platform").</summary>
/// <param name="Os">Operating system, for instance <c>linux</c>.</param>
/// <param name="Architecture">Processor, in Go's spelling, for instance <c>amd64</c>.</param>
/// <param name="Variant">Variant of the processor, for instance <c>v8</c>, or null.</param>
/// <param name="OsVersion">Version of the operating system, used by Windows images, or null.</param>
public sealed record Platform(string Os, string Architecture, string? Variant = null, string? OsVersion = null)
{
    /// <summary><c>os/architecture[/variant]</c>.</summary>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
