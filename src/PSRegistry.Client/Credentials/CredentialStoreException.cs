namespace PSRegistry.Client;

/// <summary>A store of logins that cannot be read or written. The message is a sentence for its user that names the file or helper; it holds no secret.</summary>
public sealed class CredentialStoreException : Exception
{
    internal CredentialStoreException(string store, string message, Exception? innerException = null)
        : base(message, innerException) => Store = store;

    /// <summary>The file, or the helper program.</summary>
    public string Store { get; }
}
