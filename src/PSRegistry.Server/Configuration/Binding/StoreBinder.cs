using System.Security.Cryptography.X509Certificates;
using PSRegistry.Server.Tls;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>http.tls.thumbprint</c> and <c>http.tls.store</c>: keys of ours, for a certificate that Windows keeps.</summary>
internal static class StoreBinder
{
    public const string ThumbprintKey = "http.tls.thumbprint";
    private const string StoreKey = "http.tls.store";

    /// <summary>The thumbprint as 40 hex digits; null where there is none, or a fault says what is wrong with it.</summary>
    public static string? Thumbprint(ValueReader values, bool hasFiles)
    {
        if (values.Text(ThumbprintKey) is not { Length: > 0 } text) return null;
        // Copied from the certificate's window it comes with spaces, and a mark that nobody sees in front.
        var digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not (':' or '\u200e')));
        if (hasFiles)
            values.Refuse(ThumbprintKey, "the certificate is named twice: in files, and by its thumbprint", "Remove either");
        else if (!StoreCertificate.IsSupported)
            values.Refuse(ThumbprintKey, "only Windows keeps certificates for servers", "Name the files of the certificate and its key in http.tls.certificate and http.tls.key");
        else if (digits.Length != 40 || !digits.All(char.IsAsciiHexDigit))
            values.Refuse(ThumbprintKey, "this is no thumbprint", "Write the 40 hex digits that Get-ChildItem Cert:\\LocalMachine\\My shows");
        else
            return digits.ToUpperInvariant();
        return null;
    }

    public static StoreLocation Store(ValueReader values) =>
        values.Choice(StoreKey, "localmachine", "currentuser") is "currentuser" ? StoreLocation.CurrentUser : StoreLocation.LocalMachine;
}
