using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Client;

/// <summary>Reads the certificates of authorities that a user trusts besides those of the machine.</summary>
public static class CertificateAuthorities
{
    private const int LongestFile = 4 * 1024 * 1024;

    /// <summary>Reads a PEM file; on failure <paramref name="fault"/> is a sentence that names it and says what is wrong.</summary>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out X509Certificate2Collection? authorities, [NotNullWhen(false)] out string? fault)
    {
        authorities = null;
        try
        {
            if (new FileInfo(path).Length <= LongestFile)
                return TryParse(File.ReadAllText(path), path, out authorities, out fault);
            fault = $"'{path}' is too long for a file of certificates.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            fault = $"The certificate authority '{path}' cannot be read: {unreadable.Message}";
        }
        return false;
    }

    /// <summary>Reads PEM text that came from <paramref name="source"/>, which a message names.</summary>
    public static bool TryParse(
        string pem, string source, [NotNullWhen(true)] out X509Certificate2Collection? authorities, [NotNullWhen(false)] out string? fault)
    {
        authorities = [];
        fault = null;
        try
        {
            authorities.ImportFromPem(pem);
            if (authorities.Count == 0)
                fault = $"'{source}' holds no certificate: expected PEM, which begins with -----BEGIN CERTIFICATE-----.";
        }
        catch (CryptographicException damaged)
        {
            fault = $"'{source}' holds a certificate that cannot be read: {damaged.Message}";
        }
        if (fault is not null)
            authorities = null;
        return authorities is not null;
    }
}
