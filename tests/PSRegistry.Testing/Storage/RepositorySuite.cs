using System.Text;
using PSRegistry.Oci;
using Xunit;

namespace PSRegistry.Testing.Storage;

/// <summary>What every registry must do, whatever lies behind its interfaces; each test has an empty one.</summary>
public abstract partial class RepositorySuite
{
    /// <summary>An empty registry.</summary>
    protected abstract IRegistry Registry { get; }

    /// <summary>The same registry as it is after a restart, or as another server over the same storage sees it.</summary>
    protected abstract IRegistry Reopen();

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The repository that most tests use.</summary>
    protected IRepository Repository => Repo("library/app");

    /// <summary>A repository of that name.</summary>
    protected IRepository Repo(string name) => Registry.GetRepository(RepositoryName.Parse(name));

    [Fact]
    public async Task A_repository_that_nothing_was_pushed_to_is_empty_everywhere()
    {
        var tag = Tag.Parse("latest");
        var digest = SampleImages.Unknown("anything");
        Assert.Equal("library/app", Repository.Name.ToString());
        Assert.False(await Repository.ExistsAsync(Token));
        Assert.Null(await Repository.Blobs.OpenAsync(digest, Token));
        Assert.Null(await Repository.Blobs.GetSizeAsync(digest, Token));
        Assert.False(await Repository.Blobs.DeleteAsync(digest, Token));
        Assert.Null(await Repository.Manifests.GetAsync(digest, Token));
        Assert.False(await Repository.Manifests.DeleteAsync(digest, Token));
        Assert.Empty(await Repository.Manifests.ListAsync(Token).ToListAsync(Token));
        Assert.Null(await Repository.Tags.ResolveAsync(tag, Token));
        Assert.False(await Repository.Tags.DeleteAsync(tag, Token));
        Assert.Empty(await Repository.Tags.ListAsync(cancellationToken: Token).ToListAsync(Token));
        Assert.Empty(await Repository.ListReferrersAsync(digest, Token).ToListAsync(Token));
        Assert.Empty(await Registry.ListRepositoriesAsync(cancellationToken: Token).ToListAsync(Token));
        Assert.False(await Repository.ExistsAsync(Token));
    }

    [Fact]
    public async Task A_pushed_image_is_there_after_a_restart()
    {
        var digest = await Repository.PushImageAsync("x", Token, "latest");
        var again = Reopen().GetRepository(Repository.Name);
        Assert.True(await again.ExistsAsync(Token));
        Assert.Equal(digest, await again.Tags.ResolveAsync(Tag.Parse("latest"), Token));
        var manifest = await again.Manifests.GetAsync(digest, Token);
        Assert.Equal(digest, Digest.OfContent(manifest!.Content));
        Assert.True(Manifest.TryParse(manifest.Content, manifest.MediaType, out var parsed, out _));
        foreach (var blob in parsed.Layers.Append(parsed.Config!))
            Assert.Equal(blob.Size, await again.Blobs.GetSizeAsync(blob.Digest, Token));
    }

    /// <summary>The whole of a blob; null when the repository does not hold it.</summary>
    protected static async Task<string?> ReadAsync(IRepository repository, Digest digest)
    {
        ArgumentNullException.ThrowIfNull(repository);
        await using var blob = await repository.Blobs.OpenAsync(digest, Token);
        if (blob is null)
            return null;
        var content = new byte[blob.Size];
        var length = 0;
        while (await blob.ReadAsync(length, content.AsMemory(length), Token) is var count and > 0)
            length += count;
        Assert.Equal(content.Length, length);
        return Encoding.UTF8.GetString(content);
    }

    private static async Task<List<string>> TagsAsync(IRepository repository, string? after = null) =>
        (await repository.Tags.ListAsync(after, Token).ToListAsync(Token)).ConvertAll(tag => tag.ToString());
}
