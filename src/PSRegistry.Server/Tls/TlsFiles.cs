using System.Security.Cryptography;
using System.Text;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tls;

/// <summary>
/// What the files of <c>http.tls</c> hold, to see whether they changed. They are small, and their dates tell too little: tools that renew
/// certificates put links in the place of links.
/// </summary>
internal static class TlsFiles
{
    /// <summary>No certificate is this long; and nobody should make a server read a disk.</summary>
    private const int LengthLimit = 1 << 20;

    public static string FingerprintOf(TlsConfiguration tls)
    {
        // A certificate of the system's store is found by what it is, and cannot change.
        IEnumerable<string> pair = tls.Thumbprint is null ? [tls.Certificate, tls.Key] : [];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in pair.Concat(tls.ClientAuthorities))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(DigestOf(file));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static byte[] DigestOf(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return stream.Length > LengthLimit ? [1] : SHA256.HashData(stream);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
