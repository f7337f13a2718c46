using System.Text;
using PSRegistry.Oci;
using Xunit;

namespace PSRegistry.Testing.Storage;

public abstract partial class RepositorySuite
{
    [Fact]
    public async Task Referrers_tell_type_size_artifact_type_and_annotations_in_digest_order()
    {
        var subject = await ImageAsync("subject");
        var config = await Repository.PushBlobAsync("{}", Token, type: "application/vnd.example.config+json");
        var typed = SampleImages.Image(config, [], Subject(subject) + ",\"artifactType\":\"application/vnd.example.sbom\",\"annotations\":{\"k\":\"v\"}");
        var untyped = SampleImages.Image(config, [], Subject(subject));
        var index = SampleImages.Index([], Subject(subject) + ",\"annotations\":{\"i\":\"1\"}");
        var plain = SampleImages.Index([], Subject(subject));
        foreach (var text in new[] { typed, untyped, index, plain, SampleImages.Image(config, [], Subject(config)), SampleImages.Index([]) })
            await Repository.PushManifestAsync(text, Token);
        foreach (var registry in new[] { Registry, Reopen() })
        {
            var referrers = await registry.GetRepository(Repository.Name).ListReferrersAsync(subject.Digest, Token).ToListAsync(Token);
            Assert.Equal(referrers.Select(referrer => referrer.Digest).Order(), referrers.Select(referrer => referrer.Digest));
            Assert.Equal(4, referrers.Count);
            Assert.Equal((MediaTypes.OciManifest, "application/vnd.example.sbom", "v"), Facts(typed, "k"));
            Assert.Equal((MediaTypes.OciManifest, "application/vnd.example.config+json", null), Facts(untyped, "k"));
            Assert.Equal((MediaTypes.OciIndex, null, "1"), Facts(index, "i"));
            Assert.Equal((MediaTypes.OciIndex, null, null), Facts(plain, "i"));

            (string, string?, string?) Facts(string text, string key)
            {
                var referrer = Assert.Single(referrers, referrer => referrer.Digest == DigestOf(text));
                Assert.Equal(text.Length, referrer.Size);
                return (referrer.MediaType, referrer.ArtifactType, referrer.Annotations.GetValueOrDefault(key));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_referrer_may_come_before_its_subject_and_its_subject_never(string algorithm)
    {
        var subject = new Descriptor(MediaTypes.OciManifest, DigestAlgorithm.Find(algorithm)!.Compute("later"u8.ToArray()), 5);
        var referrer = await Repository.PushManifestAsync(SampleImages.Index([], Subject(subject)), Token);
        Assert.Equal([referrer], await ReferrersAsync(subject.Digest));
        Assert.Empty(await Repo("other").ListReferrersAsync(subject.Digest, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task A_deleted_referrer_is_no_referrer_until_it_is_pushed_again()
    {
        var subject = await ImageAsync("subject");
        var text = SampleImages.Index([], Subject(subject));
        var referrer = await Repository.PushManifestAsync(text, Token);
        Assert.Equal([referrer], await ReferrersAsync(subject.Digest));
        Assert.True(await Repository.Manifests.DeleteAsync(referrer, Token));
        Assert.Empty(await ReferrersAsync(subject.Digest));
        await Repository.PushManifestAsync(text, Token);
        Assert.Equal([referrer], await ReferrersAsync(subject.Digest));
        Assert.True(await Repository.Manifests.DeleteAsync(subject.Digest, Token));
        Assert.Equal([referrer], await ReferrersAsync(subject.Digest));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_old_clients_listed_under_the_fallback_tag_is_merged_without_doubles(string algorithm)
    {
        var subject = new Descriptor(MediaTypes.OciManifest, DigestAlgorithm.Find(algorithm)!.Compute("subject"u8.ToArray()), 5);
        var known = SampleImages.Index([], Subject(subject));
        var listed = SampleImages.Index([], ",\"annotations\":{\"only\":\"listed\"}");
        foreach (var text in new[] { known, listed })
            await Repository.PushManifestAsync(text, Token);
        var gone = await Repository.PushManifestAsync(SampleImages.Index([], ",\"annotations\":{\"gone\":\"\"}"), Token);
        var hex = subject.Digest.Hex[..64].ToString();
        await Repository.PushManifestAsync(
            SampleImages.Index([.. new[] { DigestOf(known), DigestOf(listed), gone, DigestOf(listed) }.Select(digest => new Descriptor(MediaTypes.OciIndex, digest, 9))]),
            Token,
            $"{algorithm}-{hex}");
        await Repository.Manifests.DeleteAsync(gone, Token);
        Assert.Equal(new[] { DigestOf(known), DigestOf(listed) }.Order(), await ReferrersAsync(subject.Digest));
    }

    private async Task<List<Digest>> ReferrersAsync(Digest subject) =>
        (await Repository.ListReferrersAsync(subject, Token).ToListAsync(Token)).ConvertAll(referrer => referrer.Digest);

    private static string Subject(Descriptor subject) => ",\"subject\":" + SampleImages.Json(subject);

    private static Digest DigestOf(string text) => Digest.OfContent(Encoding.UTF8.GetBytes(text));
}
