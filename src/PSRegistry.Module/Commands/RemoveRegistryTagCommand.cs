using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>
/// Removes one tag and nothing else: the manifest stays, under its other tags and its digest. A registry that cannot do that, such as
/// CNCF Distribution 2.8, is told apart; -Force goes the way round it.
/// </summary>
/// <example>
/// <code>Remove-RegistryTag registry.local:5000/team/app:old</code>
/// <para>Removes a tag and nothing else.</para>
/// </example>
/// <example>
/// <code>Get-RegistryTag registry.local:5000/team/app -Tag 0.* | Remove-RegistryTag -WhatIf</code>
/// <para>Shows which tags would go.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "RegistryTag", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveRegistryTagCommand : RegistryImageCommand
{
    /// <summary>
    /// Where the registry removes no tags: moves the tag to a small manifest of its own, and removes that. Needs deletion to be switched on.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ResolveImage(tagWhenNone: null) is not { } target)
            return;
        if (target.Tag is not { } tag)
        {
            WriteError(RegistryErrors.DigestIsNoTag(target.ToString()));
            return;
        }
        if (!ShouldProcess($"{target.FullRepository}:{tag}", "Remove tag"))
            return;
        try
        {
            if (!PipelineThread.Wait(() => RemoveAsync(target.Repository, tag)))
                throw new ImageNotFoundException(target with { Digest = null });
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteFailure(failure, target.ToString());
        }
    }

    private async Task<bool> RemoveAsync(IRepository repository, Tag tag)
    {
        try
        {
            return await repository.Tags.DeleteAsync(tag, Stop);
        }
        catch (RegistryRequestException refused) when (Force && refused.Failure == RegistryFailure.Unsupported && repository is RemoteRepository remote)
        {
            return await TagDetour.RemoveAsync(remote, tag, Stop);
        }
    }
}
