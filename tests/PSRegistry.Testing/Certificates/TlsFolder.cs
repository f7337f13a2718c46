namespace PSRegistry.Testing;

/// <summary>A folder with the files of <c>http.tls</c>: a CA, and a server's certificate and key that it signed.</summary>
public sealed class TlsFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes the files.</summary>
    public TlsFolder()
    {
        using var server = Authority.ForServer();
        Certificate = Write("server.pem", server.Pem);
        Key = Write("server.key", server.Pkcs8);
        AuthorityFile = Write("ca.crt", Authority.Pem);
    }

    /// <summary>Signs.</summary>
    public TestAuthority Authority { get; } = TestAuthority.Make();

    /// <summary>The path of the server's certificate.</summary>
    public string Certificate { get; }

    /// <summary>The path of its key.</summary>
    public string Key { get; }

    /// <summary>The path of the CA's certificate.</summary>
    public string AuthorityFile { get; }

    /// <summary>The folder.</summary>
    public string Path => _folder.Path;

    /// <summary>Writes another file and tells its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Authority.Dispose();
        _folder.Dispose();
    }
}
