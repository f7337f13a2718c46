using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The way of a pull: sizes and digests ahead, the content byte for byte, from its middle too, and lists page by page.</summary>
internal sealed class PullChecks(RegistryTransport transport, Findings findings, PushedImage image)
{
    private const string NotAsItIs = "Have the proxy pass answers on as they are. nginx: gzip off; (or leave application/* out of gzip_types)";

    private static readonly IReadOnlyList<(string, string)> AsGoClientsAsk = [("Accept-Encoding", "gzip")];

    private Asked Asked => Asked.Read(image.Repository, $"an image of {image.Repository}");

    public async IAsyncEnumerable<DeploymentFinding> PullAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (image.Tags is [.., var tag])
        {
            var manifest = transport.UriOf($"v2/{image.Repository}/manifests/{tag}");
            yield return await TryAsync("Manifest head", token => HeadAsync("Manifest head", manifest, image.Manifest, null, token), cancellationToken);
            yield return await TryAsync("Manifest content", token => ReadAsync("Manifest content", manifest, image.Manifest, token), cancellationToken);
        }
        if (image.Blob is { } digest)
        {
            var blob = transport.UriOf($"v2/{image.Repository}/blobs/{digest}");
            yield return await TryAsync("Blob head", token => HeadAsync("Blob head", blob, digest, image.BlobSize, token), cancellationToken);
            yield return await TryAsync("Blob content", token => ReadAsync("Blob content", blob, digest, token), cancellationToken);
            if (image.BlobSize > 1)
                yield return await TryAsync("Range", token => ReadFromMiddleAsync(blob, token), cancellationToken);
        }
        if (image.Tags.Count > 1)
            yield return await TryAsync("Paging", PageAsync, cancellationToken);
    }

    private async ValueTask<DeploymentFinding> TryAsync(string check, Func<CancellationToken, ValueTask<DeploymentFinding>> look, CancellationToken cancellationToken)
    {
        try
        {
            return await look(cancellationToken);
        }
        catch (RegistryRequestException fault)
        {
            return findings.Failed(check, fault);
        }
    }

    private async ValueTask<DeploymentFinding> HeadAsync(string check, Uri uri, Digest digest, long? size, CancellationToken cancellationToken)
    {
        using var answer = await transport.AskAsync(new Call(HttpMethod.Head, uri) { Accept = PushedImage.Accept, Headers = AsGoClientsAsk }, Asked, cancellationToken);
        if ((int)answer.Status != 200)
            return findings.Failed(check, await transport.Refusals.ReadAsync(answer, Asked, cancellationToken));
        if (answer.Length is null)
            return findings.Failed(check, "a HEAD is answered without Content-Length, by which clients know how much comes.", NotAsItIs);
        if (size is not null && answer.Length != size)
            return findings.Failed(check, $"a HEAD tells of {answer.Length} bytes where there are {size}.", NotAsItIs);
        return answer.ContentDigest == digest
            ? findings.Passed(check, "length and digest are told.")
            : findings.Failed(check, "the header Docker-Content-Digest does not arrive, by which clients know what a tag means.", "Have the proxy let it through. nginx: remove proxy_hide_header Docker-Content-Digest;");
    }

    private async ValueTask<DeploymentFinding> ReadAsync(string check, Uri uri, Digest digest, CancellationToken cancellationToken)
    {
        using var answer = await transport.AskAsync(new Call(HttpMethod.Get, uri) { Accept = PushedImage.Accept, Headers = AsGoClientsAsk }, Asked, cancellationToken);
        if ((int)answer.Status != 200)
            return findings.Failed(check, await transport.Refusals.ReadAsync(answer, Asked, cancellationToken));
        if (answer.Header("Content-Encoding") is { } encoding && encoding != "identity")
            return findings.Failed(check, $"what is sent is compressed anew ({ServerText.Clean(encoding, 32)}): its length is not told, and its digest is another to clients that do not undo it.", NotAsItIs);
        using var hash = digest.Algorithm.CreateHash();
        var buffer = new byte[64 * 1024];
        while (await answer.ReadAsync(buffer, cancellationToken) is var read and > 0)
            hash.AppendData(buffer, 0, read);
        return digest.Algorithm.Finish(hash) == digest
            ? findings.Passed(check, "it comes byte for byte.")
            : findings.Failed(check, "what arrives has another digest: something on the way changes it.", NotAsItIs);
    }

    private async ValueTask<DeploymentFinding> ReadFromMiddleAsync(Uri uri, CancellationToken cancellationToken)
    {
        const string Check = "Range";
        var from = image.BlobSize / 2;
        using var answer = await transport.AskAsync(new Call(HttpMethod.Get, uri) { From = from }, Asked, cancellationToken);
        return (int)answer.Status switch
        {
            206 when answer.From == from => findings.Passed(Check, "a pull that broke can go on from where it was."),
            200 or 206 => findings.Warning(Check, "a part is asked for, and the whole comes: pulls that broke begin anew.", "Have the proxy pass Range and Content-Range on, and store no answers. nginx: proxy_cache off; proxy_force_ranges on;"),
            _ => findings.Failed(Check, await transport.Refusals.ReadAsync(answer, Asked, cancellationToken)),
        };
    }

    private async ValueTask<DeploymentFinding> PageAsync(CancellationToken cancellationToken)
    {
        const string Check = "Paging";
        var uri = transport.UriOf($"v2/{image.Repository}/tags/list?n=1");
        using var answer = await transport.AskAsync(Call.Get(uri), Asked.Tags(image.Repository), cancellationToken);
        if ((int)answer.Status != 200)
            return findings.Failed(Check, await transport.Refusals.ReadAsync(answer, Asked, cancellationToken));
        var link = answer.Header("Link");
        var page = await NamePage<Tag>.ReadAsync("tags", answer, transport, cancellationToken);
        if (page.Names.Count > 1)
            return findings.Skipped(Check, "the registry gives lists as a whole.");
        if (link is null)
            return findings.Failed(Check, "the header Link does not arrive: clients see the first page of a list and take it for all.", "Have the proxy let it through. nginx: remove proxy_hide_header Link;");
        return findings.Passed(Check, "lists go on where they say.");
    }
}
