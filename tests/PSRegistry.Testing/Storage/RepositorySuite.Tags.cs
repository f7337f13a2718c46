using PSRegistry.Oci;
using Xunit;

namespace PSRegistry.Testing.Storage;

public abstract partial class RepositorySuite
{
    [Fact]
    public async Task A_tag_moves_to_what_it_was_pushed_with_last()
    {
        var latest = Tag.Parse("latest");
        var first = await Repository.PushImageAsync("first", Token, "latest", "one");
        var second = await Repository.PushImageAsync("second", Token, "latest");
        Assert.Equal(second, await Repository.Tags.ResolveAsync(latest, Token));
        Assert.Equal(first, await Repository.Tags.ResolveAsync(Tag.Parse("one"), Token));
        await Repository.PushImageAsync("first", Token, "latest");
        Assert.Equal(first, await Repository.Tags.ResolveAsync(latest, Token));
        Assert.Equal(first, await Reopen().GetRepository(Repository.Name).Tags.ResolveAsync(latest, Token));
    }

    [Fact]
    public async Task A_deleted_tag_leaves_the_manifest_and_the_other_tags()
    {
        var digest = await Repository.PushImageAsync("x", Token, "a", "b");
        Assert.True(await Repository.Tags.DeleteAsync(Tag.Parse("a"), Token));
        Assert.False(await Repository.Tags.DeleteAsync(Tag.Parse("a"), Token));
        Assert.Null(await Repository.Tags.ResolveAsync(Tag.Parse("a"), Token));
        Assert.Equal(["b"], await TagsAsync(Repository));
        Assert.True(await Repository.Tags.DeleteAsync(Tag.Parse("b"), Token));
        Assert.Empty(await TagsAsync(Repository));
        Assert.NotNull(await Repository.Manifests.GetAsync(digest, Token));
    }

    [Fact]
    public async Task Tags_are_listed_in_byte_order_from_behind_any_text()
    {
        string[] tags = ["1", "10", "2", "A", "Z.", "_", "a", "a-", "a.b", "aa", "b", new string('z', 128)];
        await Repository.PushImageAsync("x", Token, [.. tags.Reverse()]);
        Assert.Equal(tags, await TagsAsync(Repository));
        foreach (var after in tags.Concat(["", "0", "3", "B", "a,", "a/../b", "no tag\\", "zz", "\uffff"]))
            Assert.Equal(tags.Where(tag => string.CompareOrdinal(tag, after) > 0), await TagsAsync(Repository, after));
    }

    [Fact]
    public async Task Odd_tags_are_tags()
    {
        string[] tags = ["Latest", "con", "latest", "nul.txt", "v1.", "v1.."];
        foreach (var tag in tags)
            await Repository.PushImageAsync(tag, Token, tag);
        Assert.Equal(tags.Order(StringComparer.Ordinal), await TagsAsync(Repository));
        var digests = new HashSet<Digest?>();
        foreach (var tag in tags)
            Assert.True(digests.Add(await Repository.Tags.ResolveAsync(Tag.Parse(tag), Token)));
        Assert.DoesNotContain(null, digests);
    }
}
