using System.Management.Automation;
using PSRegistry.Certificates;
using PSRegistry.Errors;
using PSRegistry.Output;
using PSRegistry.Storage;

namespace PSRegistry.Commands;

/// <summary>
/// Makes a certificate for a registry server, signed by an authority that clients can be told to trust, as the PEM files that http.tls wants.
/// Without -Issuer the authority is that of the folder (ca.crt, ca.key), which is made the first time.
/// </summary>
/// <remarks>
/// An authority of one's own rather than a self-signed certificate: clients are told to trust it once, and every later certificate (the next
/// year's, the next server's) is trusted already; and some clients refuse a server's certificate as a root. Keep ca.key from strangers: who
/// has it can sign for any name. The authority is valid for ten years, a certificate for 825 days at most, which is what clients accept.
/// </remarks>
/// <example>
/// <code>New-RegistryCertificate registry.local -Path ./certs</code>
/// <para>Makes ./certs/registry.local.crt and .key, and ./certs/ca.crt and ca.key the first time, and shows what to do with them.</para>
/// </example>
/// <example>
/// <code>(New-RegistryCertificate images.local:5001 -Path ./certs -DnsName images.example.com -IPAddress 10.0.0.5).TrustInstructions</code>
/// <para>Makes a certificate for three names, signed by the same authority, and tells how clients come to trust it.</para>
/// </example>
/// <example>
/// <code>New-RegistryCertificate registry.local -Path ./certs -Force</code>
/// <para>Renews: a new certificate and key for the server, by the same authority. Clients need nothing new.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "RegistryCertificate", SupportsShouldProcess = true, DefaultParameterSetName = Own)]
[OutputType(typeof(RegistryCertificate))]
public sealed class NewRegistryCertificateCommand : RegistryCommand
{
    private const string Own = "OwnAuthority";
    private const string Given = "Issuer";

    /// <summary>The host name or IP address by which clients reach the registry; with a port where it is not 5000, for the instructions alone.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The folder for the files; made when it is not there. Default: the current one.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>Further host names; *.example.com stands for every name one level below.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] DnsName { get; set; } = [];

    /// <summary>Further IP addresses. Clients that name an address want it in the certificate as an address.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] IPAddress { get; set; } = [];

    /// <summary>
    /// The PEM file with the certificate of the authority that signs. Without it the folder's own is used, and localhost, 127.0.0.1 and ::1 are
    /// among the names, so that the first try on the server itself works.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = Given)]
    [ValidateNotNullOrEmpty]
    public string? Issuer { get; set; }

    /// <summary>The PEM file with the authority's private key, not encrypted.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Given)]
    [ValidateNotNullOrEmpty]
    public string? IssuerKey { get; set; }

    /// <summary>How many days the certificate is valid, from an hour ago; it ends with its authority at the latest. Default: 825.</summary>
    [Parameter]
    [ValidateRange(1, 825)]
    public int Days { get; set; } = 825;

    /// <summary>The kind of its key: ECDsa (P-256), or RSA (3072 bits) for old clients. Default: ECDsa.</summary>
    [Parameter]
    public KeyAlgorithm Algorithm { get; set; }

    /// <summary>Writes over the certificate and the key of this name. The authority is never written over.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var (host, port) = Split(Name);
        var names = HostNames.Of([host, .. DnsName, .. IPAddress], out var wrong);
        if (wrong is not null)
        {
            WriteError(CertificateErrors.InvalidName(wrong));
            return;
        }
        if (Issuer is null)
            names = names.AndThisMachine();
        var folder = GetUnresolvedProviderPathFromPSPath(Path);
        var file = System.IO.Path.Combine(folder, host.Replace('*', '_').Replace(':', '-'));
        if (Taken(file + ".crt") || Taken(file + ".key") || !ShouldProcess(file + ".crt", $"Make certificate for {string.Join(", ", names.All)}"))
            return;
        try
        {
            Make(folder, file, host, port, names);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            WriteError(CertificateErrors.FileUnusable(fault, folder));
        }
    }

    private void Make(string folder, string file, string host, string port, HostNames names)
    {
        var authorityPath = Issuer is null ? System.IO.Path.Combine(folder, "ca.crt") : GetUnresolvedProviderPathFromPSPath(Issuer);
        using var authority = Authority(authorityPath, Issuer is null ? System.IO.Path.Combine(folder, "ca.key") : GetUnresolvedProviderPathFromPSPath(IssuerKey));
        if (authority is null)
            return;
        var (certificate, key) = authority.Sign(host, names, Algorithm, Days);
        using (certificate)
        {
            OwnerOnlyFile.Replace(file + ".key", key);
            PublicFile.Replace(file + ".crt", certificate.ExportCertificatePem() + "\n" + (authority.IsRoot ? "" : authority.Pem));
            if (certificate.NotAfter < DateTime.Now.AddDays(Days - 2))
                WriteWarning($"The certificate ends on {certificate.NotAfter:yyyy-MM-dd}, with its authority.");
            WriteObject(new RegistryCertificate(certificate, names.All, RegistryName(host, port), port)
            {
                CertificatePath = file + ".crt",
                KeyPath = file + ".key",
                AuthorityPath = authorityPath,
            });
        }
    }

    private CertificateAuthority? Authority(string certificatePath, string keyPath)
    {
        if (Issuer is null && !File.Exists(certificatePath) && !File.Exists(keyPath))
        {
            var (made, keyPem) = CertificateAuthority.Make(Split(Name).Host, Algorithm);
            if (OwnerOnlyFile.TryMake(keyPath, keyPem))
            {
                PublicFile.Replace(certificatePath, made.Pem);
                return made;
            }
            made.Dispose();
        }
        var authority = CertificateAuthority.Open(File.ReadAllText(certificatePath), File.ReadAllText(keyPath), out var fault);
        if (authority is null)
            WriteError(CertificateErrors.UnusableAuthority(certificatePath, fault));
        return authority;
    }

    private bool Taken(string path)
    {
        if (Force || !File.Exists(path))
            return false;
        WriteError(CertificateErrors.FileExists(path));
        return true;
    }

    private static string RegistryName(string host, string port) =>
        (host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host) + (port == "443" ? "" : ":" + port);

    private static (string Host, string Port) Split(string name)
    {
        var colon = name.LastIndexOf(':');
        var isPort = colon > 0 && (name.IndexOf(':', StringComparison.Ordinal) == colon || name[colon - 1] == ']') && ushort.TryParse(name.AsSpan(colon + 1), out _);
        var host = isPort ? name[..colon] : name;
        return (host.Trim('[', ']'), isPort ? name[(colon + 1)..] : "5000");
    }
}
