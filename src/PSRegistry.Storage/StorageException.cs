namespace PSRegistry.Storage;

/// <summary>What kind of fault the storage has.</summary>
public enum StorageFault
{
    /// <summary>Reading or writing failed.</summary>
    Failed,

    /// <summary>No space, quota or inodes left.</summary>
    Full,

    /// <summary>The process may not read or write there.</summary>
    Denied,

    /// <summary>What is stored is not what it must be.</summary>
    Damaged,
}

/// <summary>A fault of the storage: not an outcome that a client caused, but one that an operator has to mend.</summary>
public sealed class StorageException : IOException
{
    /// <summary>A fault with its cause.</summary>
    /// <param name="fault">What kind.</param>
    /// <param name="message">What failed, where, and what to do, in words for an operator.</param>
    /// <param name="innerException">The cause.</param>
    public StorageException(StorageFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>What kind of fault.</summary>
    public StorageFault Fault { get; }
}
