using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Goes to a registry the way its clients do, from the address that they use, and tells what something in between breaks. What it pushes
/// it takes away again; where deletion is off, it pushes only as far as an upload that can be given up.
/// </summary>
internal sealed class Examination(RegistryTransport transport, RegistryClientOptions options, ExaminationOptions what)
{
    private readonly Findings _findings = new(transport.Faults.Registry);

    public async IAsyncEnumerable<DeploymentFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var door = new DoorChecks(transport, options, _findings);
        await foreach (var finding in door.LookAsync(cancellationToken))
            yield return finding;
        if (!door.IsOpen)
        {
            yield return _findings.Skipped("Push and pull", "nobody comes in as things are.");
            yield break;
        }

        if (what.OnlyReads)
        {
            await foreach (var finding in PullAsync(await FindAsync(cancellationToken), cancellationToken))
                yield return finding;
            yield break;
        }
        var push = new PushChecks(transport, options, what, _findings);
        try
        {
            await foreach (var finding in push.PushAsync(cancellationToken))
                yield return finding;
            await foreach (var finding in PullAsync(push.Image ?? await FindAsync(cancellationToken), cancellationToken))
                yield return finding;
            if (push.Image is { } image)
            {
                var removal = await new RemovalChecks(transport, _findings, image.Repository).RemoveAsync(image, cancellationToken);
                push.Forget();
                yield return removal;
            }
        }
        finally
        {
            await push.LeaveNothingAsync();
        }
    }

    private async IAsyncEnumerable<DeploymentFinding> PullAsync(PushedImage? image, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (image is null)
        {
            yield return _findings.Skipped("Pull", "there is no image to pull that this user sees.");
            yield break;
        }
        await foreach (var finding in new PullChecks(transport, _findings, image).PullAsync(cancellationToken))
            yield return finding;
    }

    /// <summary>Any image that is there already, for who must not write.</summary>
    private async ValueTask<PushedImage?> FindAsync(CancellationToken cancellationToken)
    {
        foreach (var name in what.Repository is { } named ? [named] : await ListAsync(cancellationToken))
        {
            try
            {
                var tags = await transport.SendAsync(
                    Call.Get(transport.UriOf($"v2/{name}/tags/list?n=1")), Asked.Tags(name), (answer, token) => NamePage<Tag>.ReadAsync("tags", answer, transport, token), cancellationToken);
                if (tags.Names is [var tag, ..] && await DescribeAsync(name, tag, cancellationToken) is { } image)
                    return image;
            }
            catch (RegistryRequestException)
            {
                // Another repository may be open to this user.
            }
        }
        return null;
    }

    private async ValueTask<IReadOnlyList<RepositoryName>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var page = await transport.SendAsync(
                Call.Get(transport.UriOf("v2/_catalog?n=5")), Asked.Catalog, (answer, token) => NamePage<RepositoryName>.ReadAsync("repositories", answer, transport, token), cancellationToken);
            return page.Names;
        }
        catch (RegistryRequestException)
        {
            // Whoever is shown no list is shown nothing to pull.
            return [];
        }
    }

    private async ValueTask<PushedImage?> DescribeAsync(RepositoryName name, Tag tag, CancellationToken cancellationToken)
    {
        using var answer = await transport.AskAsync(new Call(HttpMethod.Get, transport.UriOf($"v2/{name}/manifests/{tag}")) { Accept = PushedImage.Accept }, Asked.Read(name, "a manifest"), cancellationToken);
        if ((int)answer.Status != 200 || await answer.ReadAllAsync(Manifest.MaxSize, cancellationToken) is not { } manifest)
            return null;
        if (!Manifest.TryParse(manifest, answer.MediaType, out var parsed, out _))
            return null;
        var blob = parsed.Layers.OrderBy(one => one.Size).FirstOrDefault() ?? parsed.Config;
        return new PushedImage(name, [tag], Digest.OfContent(manifest), blob?.Digest, blob?.Size ?? 0);
    }
}
