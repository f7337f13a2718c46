namespace PSRegistry.Server;

/// <summary>The server cannot start: address in use, data folder not writable. The message is for the operator as it is.</summary>
public sealed class RegistryStartException : Exception
{
    /// <summary>Why, and what to do.</summary>
    public RegistryStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
