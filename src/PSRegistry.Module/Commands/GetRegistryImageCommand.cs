using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>
/// Describes images: platform, creation, size, environment, entry point, labels, history and layers, without pulling them. A tag of several
/// platforms gives an object for each. Without tag or digest it is the tag latest.
/// </summary>
/// <example>
/// <code>Get-RegistryImage registry.local:5000/team/app:1.0</code>
/// <para>Describes an image, for each of its platforms.</para>
/// </example>
/// <example>
/// <code>Get-RegistryTag registry.local:5000/team/app | Get-RegistryImage -Platform linux/* | Sort-Object Size -Descending</code>
/// <para>Lists the images of a repository for Linux, the largest first.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryImage")]
[OutputType(typeof(RegistryImage))]
public sealed class GetRegistryImageCommand : RegistryImageCommand
{
    /// <summary>Only the platforms that match, such as linux/*. Default: all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Platform { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ResolveImage(ImageTarget.Latest) is { } target)
            Request(target.ToString(), GetAsync(target, NamePatterns.Of(Platform)));
    }

    private static async IAsyncEnumerable<RegistryImage> GetAsync(
        ImageTarget target, NamePatterns platforms, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var stored = await target.GetManifestAsync(cancellationToken);
        var manifest = ManifestContent.Parse(stored, target);
        if (!manifest.IsIndex)
        {
            yield return await DescribeAsync(target, stored.Digest, manifest, cancellationToken);
            yield break;
        }
        foreach (var child in manifest.Manifests)
        {
            if (!child.IsPlatformImage() || !platforms.Match(child.Platform!.ToString()))
                continue;
            var image = target with { Digest = child.Digest };
            // An index may list images that were never pushed here, or deleted since.
            if (await target.Repository.Manifests.GetAsync(child.Digest, cancellationToken) is { } content)
                yield return await DescribeAsync(image, child.Digest, ManifestContent.Parse(content, image), cancellationToken);
        }
    }

    private static async ValueTask<RegistryImage> DescribeAsync(ImageTarget target, Digest digest, Manifest manifest, CancellationToken cancellationToken) =>
        new(target, digest, manifest, await ConfigContent.ReadAsync(target, manifest, cancellationToken));
}
