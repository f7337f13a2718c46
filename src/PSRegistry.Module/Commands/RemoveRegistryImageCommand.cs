using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.Places;

namespace PSRegistry.Commands;

/// <summary>
/// Removes an image from its repository: the manifest, and with it every tag that names it. -WhatIf and the question before it show what else
/// falls. Afterwards it is verified to be gone, or the error says why it is not. Neither tag nor digest is ever guessed.
/// </summary>
/// <remarks>Remove-RegistryTag removes one tag and nothing else. The space comes back with the registry's garbage collection.</remarks>
/// <example>
/// <code>Remove-RegistryImage registry.local:5000/team/app:old -WhatIf</code>
/// <para>Shows what would fall with an image, and what would come free.</para>
/// </example>
/// <example>
/// <code>Remove-RegistryImage registry.local:5000/team/app:old -Confirm:$false</code>
/// <para>Removes an image in a script, without a question.</para>
/// </example>
/// <example>
/// <code>Get-RegistryTag team/app -Tag 0.* -DataPath ./registry | Remove-RegistryImage -WhatIf</code>
/// <para>Shows what would fall in a data folder, whether a server runs on it or not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "RegistryImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(RegistryRemoval))]
public sealed class RemoveRegistryImageCommand : RegistryImageCommand
{
    /// <summary>Removes also the images of an index and the referrers, those that nothing else in the repository needs.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Writes what went: tags, parents, referrers, and the bytes that come free. Reads every tagged manifest of the repository.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ResolveImage(tagWhenNone: null) is not { } target)
            return;
        try
        {
            var digest = PipelineThread.Wait(() => target.DescribeAsync(Stop).AsTask()).Digest;
            var plan = NeedsPlan ? PipelineThread.Wait(() => RemovalPlan.SurveyAsync(target.Repository, digest, ThrottleLimit, Stop)) : null;
            var action = plan is null ? $"Remove manifest {digest.Hex[..12]}" : RegistryRemoval.Describe(plan, target.Tag, Recurse);
            if (!ShouldProcess(target.FullRepository, action))
                return;
            PipelineThread.Wait(() => RemoveAsync(target, digest, Recurse ? plan!.Orphans : []));
            if (Detailed)
                WriteObject(new RegistryRemoval(target, plan!, removed: true));
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteFailure(failure, target.ToString());
        }
    }

    /// <summary>Whether somebody will read what else falls; a script that confirms by itself does not wait for it.</summary>
    private bool NeedsPlan =>
        Recurse || Detailed || IsBound("WhatIf") || !(MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm) && confirm is SwitchParameter { IsPresent: false });

    private bool IsBound(string name) => MyInvocation.BoundParameters.TryGetValue(name, out var value) && value is SwitchParameter { IsPresent: true };

    private async Task RemoveAsync(ImageTarget target, Digest digest, IReadOnlyList<Digest> orphans)
    {
        // The index first: whoever pulls meanwhile finds no image rather than one that is not whole.
        foreach (var manifest in orphans.Prepend(digest))
        {
            await target.Repository.Manifests.DeleteAsync(manifest, Stop);
            if (await target.Repository.DescribeAsync(manifest, Stop) is not null)
                throw new NotRemovedException(target, manifest);
        }
    }
}
