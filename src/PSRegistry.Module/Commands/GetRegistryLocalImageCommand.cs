using System.Management.Automation;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>
/// Lists the images of the docker or podman engine on this machine, one object for each name. The engine is asked over its socket or named
/// pipe: the one in DOCKER_HOST, else docker's, else podman's. No docker program is needed.
/// </summary>
/// <example>
/// <code>Get-RegistryLocalImage | Sort-Object Size -Descending</code>
/// <para>Lists the images of the local engine, the largest first.</para>
/// </example>
/// <example>
/// <code>Get-RegistryLocalImage team/* | Publish-RegistryImage -Registry registry.local:5000</code>
/// <para>Publishes all of a team's images from the local engine.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryLocalImage")]
[OutputType(typeof(RegistryLocalImage))]
public sealed class GetRegistryLocalImageCommand : RegistryCommand
{
    /// <summary>Only images of these names, such as nginx, nginx:1.25 or team/*. A name without a tag means all of its tags. Default: all that have a name.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Lists also the images that lost their names, which docker shows as none.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var image in LocalImages.Find(Name, All, WriteError, Stop))
            WriteObject(image);
    }
}
