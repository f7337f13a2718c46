using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>
/// Shows what a registry is: its version header, how it asks for a login and whether it lets this user in, what it supports, and how fast
/// it answers. Nothing is changed there. What cannot be found out, for want of rights or of content to ask about, is empty and not guessed.
/// </summary>
/// <remarks>
/// It takes about seven small requests. With a login that is refused it stops at the first refusal, so that no account is locked for it.
/// </remarks>
/// <example>
/// <code>Get-RegistryStatus registry.local:5000</code>
/// <para>Shows what a registry is and what it supports.</para>
/// </example>
/// <example>
/// <code>Get-RegistryStatus registry.local:5000 -Repository team/app -ProbeDelete | ForEach-Object Delete</code>
/// <para>Tells whether deletion is on, by asking to delete what cannot exist.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryStatus")]
[OutputType(typeof(RegistryStatus))]
public sealed class GetRegistryStatusCommand : RegistryInquiryCommand
{
    private RepositoryName? _repository;

    /// <summary>A repository to ask about, for registries that list none, such as GHCR and Docker Hub. Default: the first of the catalog.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>
    /// Finds out whether manifests can be deleted, which only a request to delete tells: one for a manifest of the digest 000..., which nothing
    /// has, in a repository of a random name. Nothing can go by it; the registry's log shows it, and a token service is asked for the right.
    /// </summary>
    [Parameter]
    public SwitchParameter ProbeDelete { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Repository is null || RepositoryName.TryParse(Repository, out _repository))
            base.Process();
        else
            WriteError(RegistryErrors.InvalidRepository(Repository));
    }

    /// <inheritdoc/>
    private protected override async IAsyncEnumerable<object> AskAsync(RegistryClient client, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var greeting = await client.GreetAsync(cancellationToken);
        if (!greeting.IsRegistry)
            throw greeting.Fault;
        var refusal = await RefusalAsync(client, cancellationToken);
        // Whoever is let in nowhere may still read what is public; a login that is wrong is wrong everywhere.
        var asksOn = refusal is null || !client.HasLogin;
        var abilities = asksOn ? await client.SurveyAsync(_repository, ProbeDelete, cancellationToken) : RegistryAbilities.Unknown;
        yield return new RegistryStatus(client.Address, greeting, abilities)
        {
            User = client.User,
            Refusal = refusal,
            Latency = await client.MeasureLatencyAsync(cancellationToken),
        };
    }

    private static async ValueTask<string?> RefusalAsync(RegistryClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.PingAsync(cancellationToken);
            return null;
        }
        catch (RegistryRequestException refused) when (refused.Failure is RegistryFailure.Unauthorized or RegistryFailure.Denied)
        {
            return refused.Message;
        }
    }
}
