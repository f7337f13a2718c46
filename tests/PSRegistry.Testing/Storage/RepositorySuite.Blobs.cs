using PSRegistry.Oci;
using Xunit;

namespace PSRegistry.Testing.Storage;

public abstract partial class RepositorySuite
{
    public static TheoryData<string> Algorithms => new("sha256", "sha384", "sha512");

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_blob_is_read_as_it_was_pushed_under_the_digest_it_was_pushed_by(string algorithm)
    {
        var blob = await Repository.PushBlobAsync("content", Token, DigestAlgorithm.Find(algorithm));
        Assert.Equal(algorithm, blob.Digest.Algorithm.Name);
        Assert.Equal(7, await Repository.Blobs.GetSizeAsync(blob.Digest, Token));
        Assert.Equal("content", await ReadAsync(Repository, blob.Digest));
        Assert.Equal("content", await ReadAsync(Reopen().GetRepository(Repository.Name), blob.Digest));
        await using var open = await Repository.Blobs.OpenAsync(blob.Digest, Token);
        var tail = new byte[10];
        Assert.Equal(3, await open!.ReadAsync(4, tail, Token));
        Assert.Equal("ent"u8, tail.AsSpan(0, 3));
        Assert.Equal(0, await open.ReadAsync(7, tail, Token));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task An_empty_blob_is_a_blob(string algorithm)
    {
        var blob = await Repository.PushBlobAsync("", Token, DigestAlgorithm.Find(algorithm));
        Assert.Equal(0, await Repository.Blobs.GetSizeAsync(blob.Digest, Token));
        Assert.Equal("", await ReadAsync(Repository, blob.Digest));
    }

    [Fact]
    public async Task A_blob_pushed_twice_is_there_once_and_readable_throughout()
    {
        var blob = await Repository.PushBlobAsync("content", Token);
        await using var open = await Repository.Blobs.OpenAsync(blob.Digest, Token);
        await Repository.PushBlobAsync("content", Token);
        Assert.Equal(7, await open!.ReadAsync(0, new byte[10], Token));
        Assert.Equal("content", await ReadAsync(Repository, blob.Digest));
    }

    [Fact]
    public async Task A_blob_belongs_to_the_repositories_it_was_pushed_to()
    {
        var blob = await Repository.PushBlobAsync("content", Token);
        Assert.Null(await Repo("other").Blobs.GetSizeAsync(blob.Digest, Token));
        await Repo("other").PushBlobAsync("content", Token);
        Assert.True(await Repository.Blobs.DeleteAsync(blob.Digest, Token));
        Assert.False(await Repository.Blobs.DeleteAsync(blob.Digest, Token));
        Assert.Null(await ReadAsync(Repository, blob.Digest));
        Assert.Equal("content", await ReadAsync(Repo("other"), blob.Digest));
        await Repository.PushBlobAsync("content", Token);
        Assert.Equal("content", await ReadAsync(Repository, blob.Digest));
    }

    [Theory]
    [InlineData("library/app", true)]
    [InlineData(null, true)]
    [InlineData("someone/else", false)]
    public async Task A_mount_takes_a_blob_from_who_holds_it(string? from, bool mounted)
    {
        var blob = await Repository.PushBlobAsync("content", Token);
        var target = Repo("target");
        Assert.Equal(mounted, await target.Blobs.MountAsync(blob.Digest, from is null ? null : RepositoryName.Parse(from), Token));
        Assert.Equal(mounted ? "content" : null, await ReadAsync(target, blob.Digest));
        Assert.Equal(mounted, await target.ExistsAsync(Token));
        if (!mounted)
            return;
        Assert.True(await Repository.Blobs.DeleteAsync(blob.Digest, Token));
        Assert.Equal("content", await ReadAsync(target, blob.Digest));
    }

    [Fact]
    public async Task A_mount_of_what_nobody_holds_is_none()
    {
        Assert.False(await Repository.Blobs.MountAsync(SampleImages.Unknown("blob"), null, Token));
        Assert.False(await Repository.Blobs.MountAsync(SampleImages.Unknown("blob"), RepositoryName.Parse("from"), Token));
        Assert.False(await Repository.ExistsAsync(Token));
        var deleted = await Repo("from").PushBlobAsync("deleted", Token);
        await Repo("from").Blobs.DeleteAsync(deleted.Digest, Token);
        Assert.False(await Repository.Blobs.MountAsync(deleted.Digest, RepositoryName.Parse("from"), Token));
    }

    [Fact]
    public async Task A_mount_from_itself_changes_nothing()
    {
        var blob = await Repository.PushBlobAsync("content", Token);
        Assert.True(await Repository.Blobs.MountAsync(blob.Digest, Repository.Name, Token));
        Assert.Equal("content", await ReadAsync(Repository, blob.Digest));
    }
}
