namespace PSRegistry.Client;

/// <summary>An archive of images that cannot be used as one. The message is a sentence for its user that names the archive, and the entry that is wrong.</summary>
public sealed class ArchiveException : Exception
{
    internal ArchiveException(string archive, string message, Exception? innerException = null)
        : base(message, innerException) => Archive = archive;

    /// <summary>The path or name of the archive.</summary>
    public string Archive { get; }
}
