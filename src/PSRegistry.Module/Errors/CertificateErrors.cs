using System.Management.Automation;

namespace PSRegistry.Errors;

/// <summary>The errors of making certificates.</summary>
internal static class CertificateErrors
{
    /// <summary>Text that should be a host name or an IP address and is neither.</summary>
    public static ErrorRecord InvalidName(string text) => RegistryErrors.Record(
        new ArgumentException($"'{text}' is neither a host name nor an IP address."), "InvalidHostName", ErrorCategory.InvalidArgument, text,
        "Write registry.local, registry.local:5000, *.example.com or 10.0.0.5; further names with -DnsName and -IPAddress.");

    /// <summary>A file is there that would be written over.</summary>
    public static ErrorRecord FileExists(string path) => RegistryErrors.Record(
        new IOException($"'{path}' is there already."), "CertificateFileExists", ErrorCategory.ResourceExists, path,
        "-Force writes over the server's certificate and key, never over the authority's.");

    /// <summary>The authority cannot sign.</summary>
    public static ErrorRecord UnusableAuthority(string path, string reason) => RegistryErrors.Record(
        new InvalidOperationException($"'{path}' cannot sign: {reason}."), "CertificateAuthorityUnusable", ErrorCategory.InvalidData, path,
        "-Issuer and -IssuerKey name another authority; without them, and with neither ca.crt nor ca.key in the folder, a new one is made.");

    /// <summary>A file cannot be read or written.</summary>
    public static ErrorRecord FileUnusable(Exception fault, string path) => RegistryErrors.Record(
        new IOException($"'{path}' cannot be used: {fault.Message.TrimEnd('.')}.", fault), "CertificateFileUnusable", ErrorCategory.PermissionDenied, path, null);
}
