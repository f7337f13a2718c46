namespace PSRegistry.Errors;

/// <summary>An index has no image for the platform that was wanted.</summary>
public sealed class PlatformNotFoundException : Exception
{
    internal PlatformNotFoundException(string message)
        : base(message)
    {
    }
}
