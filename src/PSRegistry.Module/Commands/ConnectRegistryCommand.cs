using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Connections;
using PSRegistry.Errors;
using PSRegistry.Output;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>
/// Logs in to a registry and keeps the login for this process, all of its runspaces included: the other cmdlets then need no
/// -Credential, and with one connection no -Registry either. The login is verified before it is kept. Without -Credential and -Token it is
/// the one that docker or podman keep for the registry, if the registry asks for one.
/// </summary>
/// <example>
/// <code>Connect-Registry registry.local:5000 -Credential (Get-Credential ann)</code>
/// <para>Logs in, and keeps the login for this process.</para>
/// </example>
/// <example>
/// <code>Connect-Registry registry.local:5000; Get-RegistryCatalog</code>
/// <para>Connects with the login that docker or podman keep, or none; a registry that is the only connection needs no -Registry any more.</para>
/// </example>
/// <example>
/// <code>Connect-Registry registry.local:5000 -Credential (Get-Credential ann) -Save</code>
/// <para>Logs in as docker login does: docker, podman and the next session find the login too.</para>
/// </example>
[Cmdlet(VerbsCommunications.Connect, "Registry", DefaultParameterSetName = ByCredential, SupportsShouldProcess = true)]
[OutputType(typeof(RegistryConnection))]
public sealed class ConnectRegistryCommand : RegistryCommand
{
    private const string ByCredential = "Credential";
    private const string ByToken = "Token";

    /// <summary>The registry: host, host:port or URL. http only for this machine, or where the URL says so.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string Registry { get; set; } = "";

    /// <summary>The login: user and password, or user and access token. Default: the login that docker or podman keep, else none.</summary>
    [Parameter(ParameterSetName = ByCredential, Position = 1)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>
    /// Keeps the login also where docker keeps its own: in the credential helper that docker's config.json names, else in that file, whose
    /// passwords are plain text in base64 (a warning says so). Disconnect-Registry -Forget removes it.
    /// </summary>
    [Parameter(ParameterSetName = ByCredential)]
    public SwitchParameter Save { get; set; }

    /// <summary>A bearer token for the registry itself, sent as it is; in place of a login.</summary>
    [Parameter(ParameterSetName = ByToken, Mandatory = true)]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    /// <summary>A PEM file with the certificates of authorities to trust besides those of this machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <summary>The proxy for this registry. Default: the machine's own settings; this machine is reached without.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>What is reached without the proxy: names with all below them, addresses, networks such as 10.0.0.0/8, or *.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] NoProxy { get; set; } = [];

    /// <summary>Accepts any certificate of the registry: the connection is encrypted, but to whoever answers.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (!RegistryAddress.TryParse(Registry, out var address, out var fault))
        {
            WriteError(RegistryErrors.InvalidAddress(fault));
            return;
        }
        if (Save && Credential is null)
        {
            WriteError(RegistryErrors.NothingToSave(address.Shortest()));
            return;
        }
        if (!TryReadAuthorities(out var authorities))
            return;
        if (!ShouldProcess(address.Shortest(), Save ? "Connect, and save the login for docker and podman" : "Connect"))
            return;
        var client = new RegistryClient(address, new RegistryClientOptions
        {
            Credential = Credential?.GetNetworkCredential(),
            Logins = CredentialStore.OfUser(),
            Token = Token is null ? null : new NetworkCredential("", Token).Password,
            CertificateAuthority = authorities,
            Proxy = Proxy,
            NoProxy = NoProxy,
            SkipCertificateCheck = SkipCertificateCheck,
        });
        try
        {
            PipelineThread.Wait(() => client.PingAsync(Stop).AsTask());
        }
        catch (RegistryRequestException failure)
        {
            client.Dispose();
            WriteError(RegistryErrors.Request(failure, address.Shortest(), Credential is not null));
            return;
        }
        catch
        {
            client.Dispose();
            throw;
        }
        var connection = new RegistryConnection(address.Shortest(), address.BaseUri, client.User, client.LoginSource, SkipCertificateCheck);
        ConnectionTable.Add(connection, client);
        if (Save)
            SaveLogin(client);
        WriteObject(connection);
    }

    private void SaveLogin(RegistryClient client)
    {
        var user = Credential!.UserName;
        try
        {
            var greeting = PipelineThread.Wait(() => client.GreetAsync(Stop).AsTask());
            if (greeting.Challenge is null)
                WriteWarning($"{client.Address} lets in whoever comes and did not look at the login of '{user}': it is saved unproven.");
            var saved = PipelineThread.Wait(() => CredentialStore.OfUser().SaveAsync(client.Address, Credential.GetNetworkCredential(), cancellationToken: Stop).AsTask());
            WriteVerbose($"The login of '{user}' at {client.Address} is kept in {saved.Store}.");
            if (saved.IsPlainText)
            {
                WriteWarning($"The password of '{user}' is kept in '{saved.Store}' as docker does: unencrypted, for its owner's account to read. "
                    + "A credential helper (credsStore in that file) keeps it in the machine's own store.");
            }
        }
        catch (CredentialStoreException failure)
        {
            WriteError(RegistryErrors.UnusableLogins(failure));
        }
        catch (RegistryRequestException failure)
        {
            WriteError(RegistryErrors.Request(failure, client.Address.Shortest(), withCredential: true));
        }
    }

    private bool TryReadAuthorities(out X509Certificate2Collection? authorities)
    {
        authorities = null;
        if (CertificateAuthority is null || CertificateAuthorities.TryRead(GetUnresolvedProviderPathFromPSPath(CertificateAuthority), out authorities, out var fault))
            return true;
        WriteError(RegistryErrors.UnusableFile(fault, CertificateAuthority));
        return false;
    }
}
