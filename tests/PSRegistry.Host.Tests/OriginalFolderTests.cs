using System.Net;
using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>A data folder is the same thing to the original registry and to ours.</summary>
public sealed class OriginalFolderTests(RealImages images) : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _data.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task A_data_folder_of_the_original_is_served_in_place()
    {
        await using var skopeo = new Skopeo();
        PushedImages pushed;
        await using (var original = await StartOriginalAsync())
        {
            pushed = await PushedImages.PushAsync(original, skopeo, images, _folder);
            await original.StopAsync(Token);
        }

        await using (var ours = await StartOursAsync())
        {
            await pushed.MustAllBeAtAsync(ours);
            await pushed.DeleteAllAsync(ours);
            await pushed.MustAllBeGoneAtAsync(ours);
            await ours.StopAsync(Token);
        }

        await using var again = await StartOriginalAsync();
        await pushed.MustAllBeGoneAtAsync(again);
    }

    [Fact]
    public async Task A_data_folder_of_ours_is_served_by_the_original()
    {
        await using var skopeo = new Skopeo();
        PushedImages pushed;
        await using (var ours = await StartOursAsync())
        {
            pushed = await PushedImages.PushAsync(ours, skopeo, images, _folder);
            await ours.StopAsync(Token);
        }

        await using (var original = await StartOriginalAsync())
        {
            await pushed.MustAllBeAtAsync(original);
            await pushed.DeleteAllAsync(original);
            await pushed.MustAllBeGoneAtAsync(original);
            await original.StopAsync(Token);
        }

        await using var again = await StartOursAsync();
        await pushed.MustAllBeGoneAtAsync(again);
    }

    [Fact]
    public async Task Side_by_side_each_sees_the_tags_of_the_other_at_once()
    {
        await using var original = await StartOriginalAsync();
        await using var ours = await StartOursAsync();
        foreach (var (here, there) in new[] { (original, ours), (ours, original) })
        {
            var first = await PushTinyImageAsync(here, "first");
            Assert.Equal(first, (await there.Http.GetManifestAsync("shared", "moving", Token)).MustBe(HttpStatusCode.OK).Digest);

            var second = await PushTinyImageAsync(here, "second");
            Assert.Equal(second, (await there.Http.GetManifestAsync("shared", "moving", Token)).MustBe(HttpStatusCode.OK).Digest);
            Assert.Contains("moving", await there.Http.ListTagsAsync("shared", Token));

            (await here.Http.DeleteManifestAsync("shared", second, Token)).MustBe(HttpStatusCode.Accepted);
            (await there.Http.GetManifestAsync("shared", second, Token)).MustBe(HttpStatusCode.NotFound);
            (await there.Http.GetManifestAsync("shared", "moving", Token)).MustBe(HttpStatusCode.NotFound);
            (await here.Http.DeleteManifestAsync("shared", first, Token)).MustBe(HttpStatusCode.Accepted);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_begun_at_one_goes_on_at_the_other_and_back(bool begunAtTheOriginal)
    {
        await using var original = await StartOriginalAsync();
        await using var ours = await StartOursAsync();
        var (here, there) = begunAtTheOriginal ? (original.Http, ours.Http) : (ours.Http, original.Http);
        var bytes = TestBytes.Make(3 << 20);

        var begun = await here.BeginUploadAsync("shared/upload", Token);
        var first = (await here.PatchUploadAsync(begun.Location, bytes.AsMemory(0, 1 << 20), Token)).MustBe(HttpStatusCode.Accepted);
        var told = (await there.GetAsync(first.Location, Token)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(1 << 20, told.UploadedLength);
        var second = (await there.PatchUploadAsync(told.Location, bytes.AsMemory(1 << 20, 1 << 20), Token)).MustBe(HttpStatusCode.Accepted);
        Assert.Equal(2 << 20, second.UploadedLength);
        var digest = ContentDescriptor.DigestOf(bytes);
        (await here.FinishUploadAsync(second.Location, bytes.AsMemory(2 << 20), digest, Token)).MustBe(HttpStatusCode.Created);

        Assert.Equal(bytes, (await here.GetBlobAsync("shared/upload", digest, Token)).MustBe(HttpStatusCode.OK).Body);
        Assert.Equal(bytes, (await there.GetBlobAsync("shared/upload", digest, Token)).MustBe(HttpStatusCode.OK).Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_begun_at_one_is_finished_by_the_other(bool begunAtTheOriginal)
    {
        var bytes = TestBytes.Make(2 << 20);
        RegistryAnswer first;
        await using (var here = begunAtTheOriginal ? await StartOriginalAsync() : await StartOursAsync())
        {
            var begun = await here.Http.BeginUploadAsync("shared/upload", Token);
            first = (await here.Http.PatchUploadAsync(begun.Location, bytes.AsMemory(0, 1 << 20), Token)).MustBe(HttpStatusCode.Accepted);
            await here.StopAsync(Token);
        }

        await using var there = begunAtTheOriginal ? await StartOursAsync() : await StartOriginalAsync();
        var digest = ContentDescriptor.DigestOf(bytes);
        (await there.Http.FinishUploadAsync(first.Location, bytes.AsMemory(1 << 20), digest, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal(bytes, (await there.Http.GetBlobAsync("shared/upload", digest, Token)).MustBe(HttpStatusCode.OK).Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_of_which_nothing_came_yet_goes_on_at_the_other(bool begunAtTheOriginal)
    {
        await using var original = await StartOriginalAsync();
        await using var ours = await StartOursAsync();
        var (here, there) = begunAtTheOriginal ? (original.Http, ours.Http) : (ours.Http, original.Http);
        var bytes = TestBytes.Make(3000);
        var digest = ContentDescriptor.DigestOf(bytes);

        var begun = await here.BeginUploadAsync("shared/upload", Token);
        (await there.FinishUploadAsync(begun.Location, bytes, digest, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal(bytes, (await here.GetBlobAsync("shared/upload", digest, Token)).MustBe(HttpStatusCode.OK).Body);
    }

    [Fact]
    public async Task A_manifest_with_a_subject_that_the_original_stored_is_a_referrer()
    {
        string subject;
        RegistryAnswer artifact;
        await using (var original = await StartOriginalAsync())
        {
            subject = await PushTinyImageAsync(original, "subject");
            artifact = await TinyImages.PushReferrerAsync(original.Http, "shared", subject, "application/vnd.example.sbom", Token);
            await original.StopAsync(Token);
        }

        await using var ours = await StartOursAsync();
        var referrers = (await ours.Http.GetAsync($"/v2/shared/referrers/{subject}", Token)).MustBe(HttpStatusCode.OK);
        var referrer = Assert.Single(referrers.Json["manifests"]!.AsArray());
        Assert.Equal(artifact.Digest, (string?)referrer!["digest"]);
        Assert.Equal("application/vnd.example.sbom", (string?)referrer["artifactType"]);
    }

    private static async Task<string> PushTinyImageAsync(RegistryProcess registry, string content) =>
        (await TinyImages.PushAsync(registry.Http, "shared", "moving", Encoding.UTF8.GetBytes(content), Token)).Manifest;

    private Task<RegistryProcess> StartOriginalAsync() => OriginalRegistry.StartAsync(Settings(), Token);

    private Task<RegistryProcess> StartOursAsync() => PSRegistryProgram.StartAsync(Settings(), Token);

    private RegistrySettings Settings() => new() { DataFolder = _data.Path, Secret = "a secret of both" };
}
