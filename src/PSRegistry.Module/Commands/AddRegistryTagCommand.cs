using System.Management.Automation;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>
/// Gives an image further tags in its repository, without moving a layer: the manifest is put once more under the new name, byte for byte.
/// A tag that exists moves.
/// </summary>
/// <example>
/// <code>Add-RegistryTag registry.local:5000/team/app:1.0 stable</code>
/// <para>Tags an image once more, in its registry alone.</para>
/// </example>
/// <example>
/// <code>Get-RegistryTag registry.local:5000/team/app -Tag 1.* | Add-RegistryTag -NewTag checked -WhatIf</code>
/// <para>Shows what a tag for several images would do.</para>
/// </example>
[Cmdlet(VerbsCommon.Add, "RegistryTag", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryTag))]
public sealed class AddRegistryTagCommand : RegistryImageCommand
{
    /// <summary>The new tags.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string[] NewTag { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process()
    {
        var tags = new List<Tag>();
        foreach (var text in NewTag)
        {
            if (Oci.Tag.TryParse(text, out var tag))
                tags.Add(tag);
            else
                WriteError(RegistryErrors.InvalidTag(text));
        }
        if (tags.Count < NewTag.Length || ResolveImage(tagWhenNone: null) is not { } target)
            return;
        if (!ShouldProcess(target.ToString(), $"Add tag {string.Join(", ", tags)}"))
            return;
        try
        {
            PipelineThread.Wait(() => TagAsync(target, tags));
            foreach (var tag in tags)
                WriteObject(new RegistryTag(target.Registry, target.Repository.Name.ToString(), tag.ToString()));
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteFailure(failure, target.ToString());
        }
    }

    private async Task TagAsync(ImageTarget target, IReadOnlyList<Tag> tags)
    {
        var stored = await target.GetManifestAsync(Stop);
        var manifest = ManifestContent.Parse(stored, target);
        foreach (var tag in tags)
        {
            var refused = await target.Repository.Manifests.PutAsync(manifest, stored.Digest, [tag], Stop);
            if (!refused.IsEmpty)
                throw new ContentRefusedException(target.ToString(), refused);
        }
    }
}
