using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>
/// Lists what refers to an image: signatures, attestations, bills of materials. Registries without the referrers API are asked by the
/// tag that the OCI specification puts in its place. Without tag or digest it is the tag latest.
/// </summary>
/// <example>
/// <code>Get-RegistryReferrer registry.local:5000/team/app:1.0</code>
/// <para>Lists signatures, attestations and the like of an image.</para>
/// </example>
/// <example>
/// <code>Get-RegistryReferrer registry.local:5000/team/app:1.0 -ArtifactType *spdx* -Recurse</code>
/// <para>Lists bills of materials, those of the referrers too.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryReferrer")]
[OutputType(typeof(RegistryReferrer))]
public sealed class GetRegistryReferrerCommand : RegistryImageCommand
{
    /// <summary>No honest chain of referrers is longer.</summary>
    private const int Deepest = 32;

    /// <summary>Only artifacts whose type matches, such as *sigstore*. Default: all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? ArtifactType { get; set; }

    /// <summary>Lists also what refers to the referrers, below each of them.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ResolveImage(ImageTarget.Latest) is { } target)
            Request(target.ToString(), ListAsync(target, NamePatterns.Of(ArtifactType), Recurse ? Deepest : 1));
    }

    private static async IAsyncEnumerable<RegistryReferrer> ListAsync(
        ImageTarget target, NamePatterns types, int deepest, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var subject = (await target.DescribeAsync(cancellationToken)).Digest;
        var waiting = new Stack<(Digest Subject, int Depth)>([(subject, 1)]);
        var seen = new HashSet<Digest>();
        while (waiting.TryPop(out var next))
        {
            if (!seen.Add(next.Subject))
                continue;
            await foreach (var referrer in target.Repository.ListReferrersAsync(next.Subject, cancellationToken))
            {
                if (types.Match(referrer.ArtifactType ?? ""))
                    yield return new RegistryReferrer(target, next.Subject, referrer, next.Depth);
                if (next.Depth < deepest)
                    waiting.Push((referrer.Digest, next.Depth + 1));
            }
        }
    }
}
