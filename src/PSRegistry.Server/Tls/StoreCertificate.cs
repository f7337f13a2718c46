using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Server.Tls;

/// <summary>Certificates that the system keeps for programs.</summary>
internal static class StoreCertificate
{
    /// <summary>Whether this system has a store from which servers take certificates: Windows has.</summary>
    public static bool IsSupported => OperatingSystem.IsWindows();

    /// <summary>The certificate with this thumbprint, valid or not; null for none, or for no store.</summary>
    public static X509Certificate2? Find(string thumbprint, StoreLocation location)
    {
        using var store = new X509Store(StoreName.My, location);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        }
        catch (CryptographicException)
        {
            return null;
        }
        return store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false).FirstOrDefault();
    }
}
