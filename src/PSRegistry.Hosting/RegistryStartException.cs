namespace PSRegistry.Hosting;

/// <summary>Why a server cannot start though its configuration is sound.</summary>
public enum StartFailure
{
    /// <summary>Somebody else listens there, or the system does not give the address.</summary>
    Address,

    /// <summary>The data folder cannot be made, read or written.</summary>
    DataFolder,

    /// <summary>Anything else that the configuration names and that is not usable on this machine.</summary>
    Setting,
}

/// <summary>The server cannot start: address in use, data folder not writable. The message is for the operator as it is.</summary>
public sealed class RegistryStartException : Exception
{
    /// <summary>Says what, why, and what to do.</summary>
    public RegistryStartException(StartFailure failure, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
    }

    /// <summary>What is not usable.</summary>
    public StartFailure Failure { get; }
}
