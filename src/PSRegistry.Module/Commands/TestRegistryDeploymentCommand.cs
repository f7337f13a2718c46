using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Errors;
using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>
/// Examines a registry from the address that clients use: goes the way of a push and of a pull, and tells what a proxy in between breaks, one
/// object for each check, with what to change. It pushes an image of 8 MiB that it takes away again.
/// </summary>
/// <remarks>
/// It finds a Location with the wrong scheme, host, port or path; headers that do not arrive (Docker-Content-Digest, WWW-Authenticate, Link,
/// Range); limits on bodies and headers; bodies that are collected before they are passed on; answers that are compressed anew; methods and
/// redirects that are refused; and certificates that end soon or come without their chain. Where deletion is off, nothing is pushed for good
/// unless -Repository names where; -Quick writes nothing at all. What it cannot see: limits on time, for it waits for none of them.
/// </remarks>
/// <example>
/// <code>Test-RegistryDeployment registry.local:5000</code>
/// <para>Examines it, and shows a line for each check.</para>
/// </example>
/// <example>
/// <code>Test-RegistryDeployment registry.local:5000 | Where-Object Status -In Failed, Warning | Format-List Check, Detail, Remedy</code>
/// <para>Shows only what is wrong, and what to change.</para>
/// </example>
/// <example>
/// <code>Test-RegistryDeployment registry.local:5000 -Quick</code>
/// <para>Writes nothing: looks at the way in, and at an image that is there already.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "RegistryDeployment", SupportsShouldProcess = true)]
[OutputType(typeof(DeploymentFinding))]
public sealed class TestRegistryDeploymentCommand : RegistryInquiryCommand
{
    private RepositoryName? _repository;

    /// <summary>Writes nothing, and looks only at what can be read.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <summary>
    /// The repository to push to. Default: psregistry-examination. One that is named is used even where deletion is off, and what was pushed
    /// stays there then. With -Quick, the one that is read.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Repository is not null && !RepositoryName.TryParse(Repository, out _repository))
            WriteError(RegistryErrors.InvalidRepository(Repository));
        else if (Quick || ShouldProcess(string.Join(", ", Registry ?? ["the registry"]), $"Push an image of 8 MiB to {_repository ?? ExaminationOptions.DefaultRepository} and delete it again"))
            base.Process();
    }

    /// <inheritdoc/>
    private protected override IAsyncEnumerable<object> AskAsync(RegistryClient client, CancellationToken cancellationToken = default) =>
        client.ExamineAsync(new ExaminationOptions { OnlyReads = Quick, Repository = _repository }, cancellationToken);
}
