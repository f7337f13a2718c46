using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The way of a push: an upload is begun and goes on where the answer says, in a chunk, a large body and its end; then a manifest under two tags.</summary>
internal sealed class PushChecks(RegistryTransport transport, RegistryClientOptions options, ExaminationOptions what, Findings findings)
{
    private const int ChunkBytes = 64 << 10;

    /// <summary>How long whoever ends an examination early waits for what it leaves to go.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] ToldOfUploads = ["Docker-Upload-UUID", "Range"];

    private readonly RepositoryName _repository = what.Repository ?? ExaminationOptions.DefaultRepository;
    private readonly byte[] _content = PushedImage.Content(ChunkBytes + what.BodyBytes);
    private Uri? _location;
    private bool _isUploading;
    private PushedImage? _sent;

    /// <summary>What was pushed; null when it did not come so far.</summary>
    public PushedImage? Image { get; private set; }

    private Asked Asked => Asked.Write(_repository, $"to {_repository}");

    public async IAsyncEnumerable<DeploymentFinding> PushAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var finding in await BeginAsync(cancellationToken))
            yield return finding;
        if (_location is null)
        {
            yield return findings.Skipped("Push", "no upload can be begun.");
            yield break;
        }
        yield return await StreamAsync(cancellationToken);
        var chunk = await SendAsync("Chunk", _content.AsMemory(0, ChunkBytes), 0, cancellationToken);
        yield return chunk;
        var isSent = false;
        if (chunk.Status is not FindingStatus.Failed)
        {
            var body = await SendAsync("Large body", _content.AsMemory(ChunkBytes), ChunkBytes, cancellationToken);
            isSent = body.Status is not FindingStatus.Failed;
            yield return body;
        }
        var wouldStay = isSent && what.Repository is null ? await new RemovalChecks(transport, findings, _repository).AskAsync(cancellationToken) : null;
        if (!isSent || wouldStay is not null)
        {
            yield return await CancelAsync(cancellationToken);
            if (wouldStay is not null)
                yield return wouldStay;
            yield break;
        }
        var digest = Digest.OfContent(_content);
        yield return await CommitAsync(digest, cancellationToken);
        if (Image is not null)
            yield return await TagAsync(digest, cancellationToken);
    }

    /// <summary>Takes away, without a word, whatever an examination that ended early, or failed in the middle, has left there.</summary>
    public async ValueTask LeaveNothingAsync()
    {
        // What the user cancelled is over; this is what has to happen all the same.
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            if (_isUploading)
                await CancelAsync(limit.Token);
            if (_sent is { } image)
                await new RemovalChecks(transport, findings, _repository).RemoveAsync(image, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The registry does not answer; it purges uploads after a week, and what no tag names with its garbage.
        }
    }

    /// <summary>What was pushed is gone.</summary>
    public void Forget() => _sent = null;

    private async ValueTask<IReadOnlyList<DeploymentFinding>> BeginAsync(CancellationToken cancellationToken)
    {
        const string Check = "Upload";
        try
        {
            var uri = transport.UriOf($"v2/{_repository}/blobs/uploads/");
            using var answer = await transport.AskAsync(new Call(HttpMethod.Post, uri) { Body = Nothing, Repeat = Repeat.WhenRefused }, Asked, cancellationToken);
            if ((int)answer.Status != 202)
            {
                var refusal = await transport.Refusals.ReadAsync(answer, Asked, cancellationToken);
                return refusal.Errors.Count > 0 && refusal.Failure is RegistryFailure.Unsupported
                    ? [findings.Skipped(Check, refusal.Message)]
                    : [findings.Failed(Check, refusal)];
            }
            return [findings.Passed(Check, $"an upload to {_repository} begins."), Follow(answer, uri), Told(answer)];
        }
        catch (RegistryRequestException fault)
        {
            return [findings.Failed(Check, fault)];
        }
    }

    /// <summary>Goes on where the upload should be, so that what else is wrong shows as well.</summary>
    private DeploymentFinding Follow(Answer answer, Uri asked)
    {
        const string Check = "Location";
        if (answer.Header("Location") is not { Length: > 0 } location)
            return findings.Failed(Check, "no Location arrives: clients do not know where to send content to.", "Have the proxy let the header Location through. nginx: proxy_hide_header, proxy_redirect off;");
        var verdict = LocationVerdict.Of(transport.Faults.Registry.BaseUri, asked, location);
        _location = verdict.Uri;
        _isUploading = _location is not null;
        return verdict.Fault is null
            ? findings.Passed(Check, "it leads to where clients are.")
            : findings.Failed(Check, $"the Location of an upload {verdict.Fault}.", verdict.Remedy!);
    }

    private DeploymentFinding Told(Answer answer)
    {
        var missing = ToldOfUploads.Where(name => answer.Header(name) is null).ToList();
        return missing.Count == 0
            ? findings.Passed("Upload headers", "Docker-Upload-UUID and Range arrive.")
            : findings.Warning("Upload headers", $"{string.Join(" and ", missing)} {(missing.Count == 1 ? "does" : "do")} not arrive; an upload that breaks cannot be taken up again.", $"Have the proxy let them through. nginx: remove proxy_hide_header {string.Join(", ", missing)}.");
    }

    private async ValueTask<DeploymentFinding> StreamAsync(CancellationToken cancellationToken)
    {
        const string Check = "Streaming";
        var uri = transport.UriOf($"v2/{_repository}/blobs/uploads/{Guid.NewGuid()}?_state=examination");
        if (!ProxyRules.Of(options).IsBypassed(uri))
            return findings.Skipped(Check, "a proxy of this machine stands in between.");
        return await new StreamingProbe(options).AnswersEarlyAsync(uri, await transport.AuthorizationAsync(Asked, cancellationToken), cancellationToken) switch
        {
            true => findings.Passed(Check, "a body reaches the registry while it is being sent."),
            false => findings.Warning(Check, "a body reaches the registry only when it is complete: pushes take twice as long, and the proxy's disk holds whole layers.",
                "Have the proxy pass bodies on as they come. nginx: proxy_request_buffering off; proxy_http_version 1.1;"),
            null => findings.Skipped(Check, "a second connection did not come about."),
        };
    }

    private async ValueTask<DeploymentFinding> SendAsync(string check, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        try
        {
            var call = new Call(HttpMethod.Patch, _location!) { Body = () => Octets(bytes), Repeat = Repeat.WhenRefused };
            using var answer = await transport.AskAsync(call, Asked, cancellationToken);
            if ((int)answer.Status != 202)
                return findings.Failed(check, await transport.Refusals.ReadAsync(answer, Asked, cancellationToken));
            if (answer.Header("Location") is { Length: > 0 } location)
                _location = LocationVerdict.Of(transport.Faults.Registry.BaseUri, _location!, location).Uri;
            var end = offset + bytes.Length;
            return UploadLocation.Received(answer) is { } received && received != end
                ? findings.Failed(check, $"{end} bytes were sent, and {received} have arrived.", "Look for what changes bodies on their way.")
                : findings.Passed(check, $"{Size(bytes.Length)} arrive.");
        }
        catch (RegistryRequestException fault) when (fault.Failure is RegistryFailure.ConnectionLost && bytes.Length > ChunkBytes)
        {
            // Whoever refuses a body for its length often does not listen to its end, and the answer is lost with the connection.
            return findings.Failed(check, $"the connection broke while {Size(bytes.Length)} were sent.", FailureRemedy.BodyLimit);
        }
        catch (RegistryRequestException fault)
        {
            return findings.Failed(check, fault);
        }
    }

    private async ValueTask<DeploymentFinding> CommitAsync(Digest digest, CancellationToken cancellationToken)
    {
        const string Check = "Commit";
        try
        {
            // From here on it may be there, whether an answer comes or not.
            _sent = new PushedImage(_repository, [], Digest.OfContent(PushedImage.ManifestOf(digest, _content.Length)), digest, _content.Length);
            // The colon as %3A, as clients written in Go send it.
            using var answer = await transport.AskAsync(
                new Call(HttpMethod.Put, UploadLocation.WithDigest(_location!, digest)) { Body = Nothing, Repeat = Repeat.WhenRefused }, Asked, cancellationToken);
            if ((int)answer.Status != 201)
                return findings.Failed(Check, await transport.Refusals.ReadAsync(answer, Asked, cancellationToken));
            Image = _sent;
            _isUploading = false;
            return answer.ContentDigest == digest
                ? findings.Passed(Check, "the upload is complete, and its digest is right.")
                : NoDigest(Check);
        }
        catch (RegistryRequestException fault)
        {
            return findings.Failed(Check, fault);
        }
    }

    private async ValueTask<DeploymentFinding> TagAsync(Digest blob, CancellationToken cancellationToken)
    {
        const string Check = "Manifest";
        var manifest = PushedImage.ManifestOf(blob, _content.Length);
        // As long as a tag may be, with everything that may be in one.
        var start = $"examination-{Guid.NewGuid():n}";
        Tag[] tags = [Tag.Parse($"{start}_A.b-"[..32]), Tag.Parse((start + "_A.b-").PadRight(Tag.MaxLength, 'x'))];
        try
        {
            foreach (var tag in tags)
            {
                _sent = _sent! with { Tags = [.. _sent.Tags, tag] };
                var call = new Call(HttpMethod.Put, transport.UriOf($"v2/{_repository}/manifests/{tag}")) { Body = () => Typed(manifest, MediaTypes.OciManifest), Repeat = Repeat.WhenRefused };
                using var answer = await transport.AskAsync(call, Asked, cancellationToken);
                if ((int)answer.Status != 201)
                    return findings.Failed(Check, await transport.Refusals.ReadAsync(answer, Asked, cancellationToken));
                Image = Image! with { Tags = [.. Image.Tags, tag] };
                if (answer.ContentDigest is null)
                    return NoDigest(Check);
            }
            return findings.Passed(Check, $"a manifest is tagged, with a tag of {Tag.MaxLength} characters too.");
        }
        catch (RegistryRequestException fault)
        {
            return findings.Failed(Check, fault);
        }
    }

    private async ValueTask<DeploymentFinding> CancelAsync(CancellationToken cancellationToken)
    {
        const string Check = "Cancel";
        try
        {
            using var answer = await transport.AskAsync(new Call(HttpMethod.Delete, _location!) { Repeat = Repeat.WhenRefused }, Asked, cancellationToken);
            _isUploading = false;
            return (int)answer.Status is >= 200 and < 300
                ? findings.Passed(Check, "the upload is given up.")
                : findings.Warning(Check, (await transport.Refusals.ReadAsync(answer, Asked, cancellationToken)).Message, "Let DELETE through; the registry purges what was begun after a week.");
        }
        catch (RegistryRequestException fault)
        {
            _isUploading = false;
            return findings.Warning(Check, fault.Message, FailureRemedy.Of(fault));
        }
    }

    private DeploymentFinding NoDigest(string check) => findings.Failed(check, "the header Docker-Content-Digest does not arrive; clients check with it what they pushed.",
        "Have the proxy let it through. nginx: remove proxy_hide_header Docker-Content-Digest;");

    private static string Size(int bytes) => bytes >= 1 << 20 ? FormattableString.Invariant($"{bytes >> 20} MiB in one body") : FormattableString.Invariant($"{bytes >> 10} KiB");

    private static ByteArrayContent Nothing() => new([]);

    private static ReadOnlyMemoryContent Octets(ReadOnlyMemory<byte> bytes) => new(bytes) { Headers = { ContentType = new(MediaTypes.OctetStream) } };

    private static ByteArrayContent Typed(byte[] bytes, string type) => new(bytes) { Headers = { ContentType = new(type) } };
}
