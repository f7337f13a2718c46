using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>Gets manifests as the registry keeps them, typed, with their bytes. Without tag or digest it is the tag latest.</summary>
/// <example>
/// <code>Get-RegistryManifest registry.local:5000/team/app:1.0</code>
/// <para>Gets the manifest of an image.</para>
/// </example>
/// <example>
/// <code>Get-RegistryTag registry.local:5000/team/app | Get-RegistryManifest | ForEach-Object Digest</code>
/// <para>Lists the digests behind the tags of a repository.</para>
/// </example>
/// <example>
/// <code>Get-RegistryManifest team/app:1.0 -DataPath ./registry</code>
/// <para>Gets a manifest from a data folder, without a server.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryManifest")]
[OutputType(typeof(RegistryManifest))]
public sealed class GetRegistryManifestCommand : RegistryImageCommand
{
    /// <inheritdoc/>
    protected override void Process()
    {
        if (ResolveImage(ImageTarget.Latest) is { } target)
            Request(target.ToString(), GetAsync(target));
    }

    private static async IAsyncEnumerable<RegistryManifest> GetAsync(ImageTarget target, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var stored = await target.GetManifestAsync(cancellationToken);
        yield return new RegistryManifest(target, stored, ManifestContent.Parse(stored, target));
    }
}
