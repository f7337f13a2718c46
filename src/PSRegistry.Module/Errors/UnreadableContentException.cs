namespace PSRegistry.Errors;

/// <summary>A registry holds content that is not what its name promises.</summary>
public sealed class UnreadableContentException : Exception
{
    internal UnreadableContentException(string message)
        : base(message)
    {
    }
}
