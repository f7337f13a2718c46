using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Takes away what was pushed, which is a check too: many proxies refuse DELETE.</summary>
internal sealed class RemovalChecks(RegistryTransport transport, Findings findings, RepositoryName repository)
{
    private const string Check = "Delete";

    /// <summary>No content has it.</summary>
    private static readonly Digest NoContent = Digest.Parse("sha256:" + new string('0', 64));

    private Asked Asked => Asked.Delete(repository, $"what was pushed to {repository}");

    /// <summary>Whether what is pushed would stay, as is known by asking to delete what cannot exist: why; null where it would not.</summary>
    public ValueTask<DeploymentFinding?> AskAsync(CancellationToken cancellationToken) =>
        RemoveAsync($"manifests/{NoContent}", "deletion is off: what is pushed would stay. -Repository names a repository where it may.", cancellationToken);

    /// <summary>Takes the image away.</summary>
    public async ValueTask<DeploymentFinding> RemoveAsync(PushedImage image, CancellationToken cancellationToken)
    {
        var stays = $"deletion is off; {repository} stays.";
        // The blob can go by itself, so it is tried whatever became of the manifest.
        var manifest = image.Tags.Count > 0 ? await RemoveAsync($"manifests/{image.Manifest}", stays, cancellationToken) : null;
        var blob = await RemoveAsync($"blobs/{image.Blob}", stays, cancellationToken);
        return manifest ?? blob ?? findings.Passed(Check, "what was pushed is taken away again; its bytes go with the next garbage collection.");
    }

    private async ValueTask<DeploymentFinding?> RemoveAsync(string path, string isOff, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await transport.AskAsync(new Call(HttpMethod.Delete, transport.UriOf($"v2/{repository}/{path}")) { Repeat = Repeat.WhenRefused }, Asked, cancellationToken);
            if ((int)answer.Status is >= 200 and < 300)
                return null;
            var refusal = await transport.Refusals.ReadAsync(answer, Asked, cancellationToken);
            // A registry that looks for it first has nothing against taking it away.
            if (refusal.Errors.Count > 0 && refusal.Failure is RegistryFailure.NotFound)
                return null;
            return refusal.Errors.Count > 0 && refusal.Failure is RegistryFailure.Unsupported
                ? findings.Skipped(Check, isOff)
                : findings.Failed(Check, refusal);
        }
        catch (RegistryRequestException fault)
        {
            return findings.Failed(Check, fault);
        }
    }
}
