namespace PSRegistry.Oci;

/// <summary>Carries the first fault out of the depths of <see cref="ManifestParser"/>; never leaves this room.</summary>
internal sealed class ManifestFormatException(string message) : Exception(message);
