namespace PSRegistry.Client;

/// <summary>An archive of images that cannot be used as one. The message is a sentence for its user that names the archive, and the entry that is wrong.</summary>
public sealed class ArchiveException : Exception
{
    internal ArchiveException(string archive, string message, Exception? innerException = null)
        : base(message, innerException) => Archive = archive;

    /// <summary>The path or name of the archive.</summary>
    public string Archive { get; }

    /// <summary>What kind of fault it is.</summary>
    public ArchiveFailure Failure { get; internal init; }
}

/// <summary>Why an archive of images cannot be used as one.</summary>
public enum ArchiveFailure
{
    /// <summary>It is none, or incomplete, damaged, forged or not to be read.</summary>
    Unusable,

    /// <summary>It has no image for the platforms that were wanted.</summary>
    NoSuchPlatform,

    /// <summary>The engine that should give it is not there, or does not.</summary>
    Engine,
}
