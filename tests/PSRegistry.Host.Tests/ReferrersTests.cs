using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>An image of real files with artifacts that refer to it.</summary>
public sealed class ReferrersTests(ServedRegistry served, RealImages images) : IClassFixture<ServedRegistry>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Artifacts_of_an_image_are_its_referrers_and_leave_it_when_deleted()
    {
        await using var skopeo = new Skopeo();
        var busybox = await images.BusyboxAsync();
        var http = served.Process.Http;
        await skopeo.CopyAsync(busybox.Reference, $"docker://{served.Process.Authority}/signed:v1", Token, "--preserve-digests");

        var subject = busybox.Manifest.Digest;
        var signature = await TinyImages.PushReferrerAsync(http, "signed", subject, "application/vnd.example.signature", Token);
        var materials = await TinyImages.PushReferrerAsync(http, "signed", subject, "application/vnd.example.sbom", Token);
        Assert.Equal(subject, signature.Header("OCI-Subject"));

        Assert.Equal(
            new[] { signature.Digest, materials.Digest }.Order(StringComparer.Ordinal),
            (await ReferrersAsync(subject)).Order(StringComparer.Ordinal));
        Assert.Equal([materials.Digest], await ReferrersAsync($"{subject}?artifactType=application/vnd.example.sbom"));

        (await http.DeleteManifestAsync("signed", signature.Digest, Token)).MustBe(HttpStatusCode.Accepted);
        Assert.Equal([materials.Digest], await ReferrersAsync(subject));
    }

    private async Task<IReadOnlyList<string>> ReferrersAsync(string digestAndQuery)
    {
        var answer = (await served.Process.Http.GetAsync($"/v2/signed/referrers/{digestAndQuery}", Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal(ImageMediaTypes.OciIndex, answer.Header("Content-Type"));
        return [.. answer.Json["manifests"]!.AsArray().Select(referrer => (string)referrer!["digest"]!)];
    }
}
