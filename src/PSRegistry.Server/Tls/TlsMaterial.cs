using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tls;

/// <summary>The files of <c>http.tls</c>, opened: the server's certificate with its key and chain, and the CAs of clients.</summary>
internal sealed class TlsMaterial : IDisposable
{
    public const string CertificateKey = "http.tls.certificate";
    private const string KeyKey = "http.tls.key";
    private const string ThumbprintKey = "http.tls.thumbprint";
    private const string AuthoritiesKey = "http.tls.clientcas";

    private readonly List<TlsFault> _faults = [];

    private TlsMaterial()
    {
    }

    /// <summary>The certificate with its private key; null when a fault says why there is none.</summary>
    public X509Certificate2? Certificate { get; private set; }

    /// <summary>The certificates between the server's and its CA.</summary>
    public X509Certificate2Collection Chain { get; } = [];

    /// <summary>The CAs that certificates of clients must lead to.</summary>
    public X509Certificate2Collection ClientAuthorities { get; } = [];

    public IReadOnlyList<TlsFault> Faults => _faults;

    /// <summary>The first reason why there is nothing to speak TLS with.</summary>
    public TlsFault? Fault => _faults.Find(fault => fault.Severity is FaultSeverity.Error);

    public static TlsMaterial Load(TlsConfiguration tls)
    {
        var material = new TlsMaterial();
        if (tls.Thumbprint is { } thumbprint)
            material.TakeFromStore(thumbprint, tls.Store);
        else
            material.ReadPair(tls);
        foreach (var file in tls.ClientAuthorities)
            material.ReadAuthorities(file);
        return material;
    }

    public void Dispose()
    {
        Certificate?.Dispose();
        foreach (var certificate in Chain.Concat(ClientAuthorities))
            certificate.Dispose();
    }

    private void ReadPair(TlsConfiguration tls)
    {
        var certificates = ReadText(CertificateKey, tls.Certificate);
        var key = ReadText(KeyKey, tls.Key);
        if (certificates is not null && ReadCertificates(tls.Certificate, certificates) && key is not null)
            ReadKey(tls.Key, key);
    }

    /// <summary>A certificate that the system keeps, with a key that may never leave it.</summary>
    private void TakeFromStore(string thumbprint, StoreLocation location)
    {
        Certificate = StoreCertificate.Find(thumbprint, location);
        if (Certificate is null)
            Error(ThumbprintKey, $"the store {location}\\My has no such certificate", "Get-ChildItem Cert:\\LocalMachine\\My lists those that are there; http.tls.store names the store");
        else if (!Certificate.HasPrivateKey)
            Error(ThumbprintKey, "the store has the certificate without its private key, or does not give it to the registry's user", "Import the certificate with its key, and let the user read it");
        else
            CheckDates(Certificate);
    }

    private string? ReadText(string keyPath, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            Error(keyPath, $"there is no file {file}", "Correct the path");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Error(keyPath, $"{file} cannot be read", "Name a file that the registry's user may read");
        }
        return null;
    }

    /// <summary>The first is the server's; the rest lead to its CA.</summary>
    private bool ReadCertificates(string file, string text)
    {
        if (!TryImport(Chain, text))
        {
            Error(CertificateKey, $"{file} is damaged", "Write the certificate anew in PEM form");
            return false;
        }
        if (Chain.Count == 0)
        {
            Error(CertificateKey, $"{file} holds no certificate in PEM form", text.Contains("PRIVATE KEY", StringComparison.Ordinal)
                ? "It holds a key: name it in http.tls.key" : "Write it so that it begins with -----BEGIN CERTIFICATE-----");
            return false;
        }
        Certificate = Chain[0];
        Chain.RemoveAt(0);
        CheckDates(Certificate);
        return true;
    }

    private void CheckDates(X509Certificate2 certificate)
    {
        var now = DateTime.Now;
        if (now > certificate.NotAfter)
            Warning($"the certificate expired on {Date(certificate.NotAfter)}; clients will refuse it", "Renew it");
        else if (now < certificate.NotBefore)
            Warning($"the certificate is not valid before {Date(certificate.NotBefore)}; clients will refuse it", "Set the clock, or wait");
    }

    private void ReadKey(string file, string text)
    {
        var bare = Certificate!;
        Certificate = null;
        using (bare)
        {
            if (!text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
                Error(KeyKey, $"{file} holds no private key in PEM form", "Name the file that begins with -----BEGIN PRIVATE KEY-----");
            else if (text.Contains("ENCRYPTED", StringComparison.Ordinal))
                Error(KeyKey, $"{file} is encrypted, and nobody is there to type its password", "Decrypt it: openssl pkey -in key.pem -out plain.pem");
            else if (bare.GetRSAPublicKey() is null && bare.GetECDsaPublicKey() is null)
                Error(CertificateKey, $"keys of the kind {bare.PublicKey.Oid.FriendlyName ?? bare.PublicKey.Oid.Value} are not supported", "Use an RSA or ECDSA key");
            else
                Certificate = Join(bare, file, text);
        }
    }

    private X509Certificate2? Join(X509Certificate2 bare, string file, string key)
    {
        try
        {
            var joined = X509Certificate2.CreateFromPem(bare.ExportCertificatePem(), key);
            if (!OperatingSystem.IsWindows())
                return joined;

            // Windows does not serve with a key that is in memory alone.
            using (joined)
                return X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            Error(KeyKey, $"{file} is not the key of the certificate in http.tls.certificate, or it is damaged", "Name the key that the certificate was made with");
            return null;
        }
    }

    private void ReadAuthorities(string file)
    {
        if (ReadText(AuthoritiesKey, file) is not { } text)
            return;
        var before = ClientAuthorities.Count;
        if (!TryImport(ClientAuthorities, text) || ClientAuthorities.Count == before)
            Error(AuthoritiesKey, $"{file} holds no certificate in PEM form", "Name the file of a CA, which begins with -----BEGIN CERTIFICATE-----");
    }

    private static bool TryImport(X509Certificate2Collection certificates, string text)
    {
        try
        {
            certificates.ImportFromPem(text);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Date(DateTime date) => date.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private void Error(string keyPath, string message, string remedy) => _faults.Add(new(FaultSeverity.Error, keyPath, message, remedy));

    private void Warning(string message, string remedy) => _faults.Add(new(FaultSeverity.Warning, CertificateKey, message, remedy));
}
