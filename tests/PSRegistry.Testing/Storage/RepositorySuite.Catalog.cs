using PSRegistry.Oci;
using Xunit;

namespace PSRegistry.Testing.Storage;

public abstract partial class RepositorySuite
{
    // The order of the original's walk: components bytewise, each repository where its _manifests folder stands.
    private static readonly string[] Catalog = ["a/0", "a", "a/b", "a/b/c", "a-b", "b", "con", "con/aux", "tags/list/x", "z0"];

    [Fact]
    public async Task Repositories_are_listed_in_the_order_of_the_original()
    {
        string[] names = ["b", "a", "a/b", "a-b", "a/0"];
        foreach (var name in names)
            await Repo(name).PushImageAsync("x", Token, "latest");
        Assert.Equal(["a/0", "a", "a/b", "a-b", "b"], await RepositoriesAsync());
    }

    [Fact]
    public async Task Pages_of_any_size_put_together_are_the_whole()
    {
        await PushCatalogAsync();
        for (var size = 1; size <= Catalog.Length; size++)
        {
            var paged = new List<string>();
            while (await RepositoriesAsync(paged.LastOrDefault()) is { Count: > 0 } rest)
                paged.AddRange(rest.Take(size));
            Assert.Equal(Catalog, paged);
        }
    }

    [Fact]
    public async Task A_page_may_begin_behind_a_repository_that_is_none()
    {
        await PushCatalogAsync();
        Assert.Equal(Catalog[1..], await RepositoriesAsync("a/0/x"));
        Assert.Equal(Catalog, await RepositoriesAsync("0"));
        Assert.Equal(Catalog[4..], await RepositoriesAsync("a/zz"));
        Assert.Equal(Catalog[5..], await RepositoriesAsync("a-b/c"));
        Assert.Equal(Catalog[8..], await RepositoriesAsync("tags/list"));
        Assert.Empty(await RepositoriesAsync("zz"));
    }

    [Fact]
    public async Task A_repository_is_listed_once_whatever_it_holds_and_when_it_holds_only_blobs()
    {
        await Repo("blobs/only").PushBlobAsync("x", Token);
        await Repo("both").PushImageAsync("x", Token);
        await using (await Repo("upload/only").Uploads.StartAsync(DigestAlgorithm.Sha256, Token))
            Assert.Equal(["blobs/only", "both"], await RepositoriesAsync());
        Assert.False(await Repo("blobs").ExistsAsync(Token));
        Assert.True(await Repo("blobs/only").ExistsAsync(Token));
        Assert.False(await Repo("upload/only").ExistsAsync(Token));
    }

    [Fact]
    public async Task A_repository_that_lost_its_last_manifest_still_exists()
    {
        var digest = await Repository.PushImageAsync("x", Token, "latest");
        await Repository.Manifests.DeleteAsync(digest, Token);
        Assert.True(await Repository.ExistsAsync(Token));
        Assert.Equal(["library/app"], await RepositoriesAsync());
        Assert.Empty(await TagsAsync(Repository));
    }

    private async Task PushCatalogAsync()
    {
        foreach (var name in Catalog)
            await Repo(name).PushManifestAsync(SampleImages.Index([]), Token, "latest");
    }

    private async Task<List<string>> RepositoriesAsync(string? after = null) =>
        (await Registry.ListRepositoriesAsync(after, Token).ToListAsync(Token)).ConvertAll(name => name.ToString());
}
