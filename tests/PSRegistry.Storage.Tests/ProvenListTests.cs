using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests;

/// <summary>Lists that are remembered while they are proven unchanged: whatever anyone does to the folders shows at once.</summary>
public sealed class ProvenListTests : IDisposable
{
    private const string Name = "library/app";
    private const string Tags = "docker/registry/v2/repositories/library/app/_manifests/tags";

    private readonly StorageFolder _folder = new();
    private readonly StorageRegistry _registry;

    public ProvenListTests() => _registry = new StorageRegistry(new FileSystemDriver(_folder.FullPath));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Hands => new("tag", "delete", "cut", "empty", "remove link", "rename tag", "move away", "move all away", "mend");

    /// <summary>By the hand of another process, which is here one that uses the disk alone.</summary>
    [Theory]
    [MemberData(nameof(Hands))]
    public async Task A_change_of_tags_by_another_hand_shows_in_the_next_list(string hand)
    {
        await Repository(_registry).PushImageAsync("x", Token, "one", "two", "three");
        Directory.CreateDirectory(_folder.At($"{Tags}/ghost/current"));
        Assert.Equal(["one", "three", "two"], await ListUntilRememberedAsync());

        switch (hand)
        {
            case "tag":
                await Repository(new StorageRegistry(new FileSystemDriver(_folder.FullPath))).PushImageAsync("y", Token, "four");
                Assert.Equal(["four", "one", "three", "two"], await ListAsync());
                break;
            case "delete":
                await Repository(new StorageRegistry(new FileSystemDriver(_folder.FullPath))).Tags.DeleteAsync(Tag.Parse("one"), Token);
                Assert.Equal(["three", "two"], await ListAsync());
                break;
            case "cut":
                using (var link = File.OpenWrite(_folder.At($"{Tags}/one/current/link")))
                    link.SetLength(70);
                Assert.Equal(["three", "two"], await ListAsync());
                break;
            case "empty":
                File.WriteAllText(_folder.At($"{Tags}/one/current/link"), "");
                Assert.Equal(["three", "two"], await ListAsync());
                break;
            case "remove link":
                File.Delete(_folder.At($"{Tags}/one/current/link"));
                Assert.Equal(["three", "two"], await ListAsync());
                break;
            case "rename tag":
                Directory.Move(_folder.At($"{Tags}/one"), _folder.At($"{Tags}/other"));
                Assert.Equal(["other", "three", "two"], await ListAsync());
                break;
            case "move away":
                Directory.Move(_folder.At($"{Tags}/one/current"), _folder.At($"{Tags}/one/before"));
                Assert.Equal(["three", "two"], await ListAsync());
                break;
            case "move all away":
                Directory.Move(_folder.At("docker/registry"), _folder.At("docker/elsewhere"));
                Assert.Empty(await ListAsync());
                break;
            case "mend":
                File.Copy(_folder.At($"{Tags}/one/current/link"), _folder.At($"{Tags}/ghost/current/link"));
                Assert.Equal(["ghost", "one", "three", "two"], await ListAsync());
                break;
            default:
                throw new ArgumentException(hand);
        }
        var after = await ListAsync();
        Assert.Equal(after, await ListUntilRememberedAsync());
    }

    [Fact]
    public async Task A_change_of_repositories_by_another_hand_shows_in_the_next_catalog()
    {
        foreach (var name in new[] { "b", "a/b", "a" })
            await _registry.GetRepository(RepositoryName.Parse(name)).PushImageAsync("x", Token, "latest");
        for (var round = 0; round < 3; round++)
            Assert.Equal(["a", "a/b", "b"], await CatalogAsync());

        await new StorageRegistry(new FileSystemDriver(_folder.FullPath)).GetRepository(RepositoryName.Parse("a/0")).PushImageAsync("x", Token, "latest");
        for (var round = 0; round < 3; round++)
            Assert.Equal(["a/0", "a", "a/b", "b"], await CatalogAsync());
        Directory.Delete(_folder.At("docker/registry/v2/repositories/a/b/_manifests"), recursive: true);
        for (var round = 0; round < 3; round++)
            Assert.Equal(["a/0", "a", "a/b", "b"], await CatalogAsync());
        Directory.Delete(_folder.At("docker/registry/v2/repositories/a/b/_layers"), recursive: true);
        for (var round = 0; round < 3; round++)
            Assert.Equal(["a/0", "a", "b"], await CatalogAsync());
        Directory.CreateDirectory(_folder.At("docker/registry/v2/repositories/new/_layers"));
        Assert.Equal(["a/0", "a", "b", "new"], await CatalogAsync());
    }

    [Fact]
    public async Task A_catalog_is_remembered_again_after_a_change_in_the_midst_of_it()
    {
        Assert.SkipUnless(LocalFileSystem.Holds(_folder.FullPath), "folders are watched on local file systems of Linux alone");
        foreach (var name in new[] { "team/a", "team/b", "other/c" })
            await _registry.GetRepository(RepositoryName.Parse(name)).PushImageAsync("x", Token, "latest");
        await Task.Delay(TimeSpan.FromSeconds(3), Token);
        var driver = new FileSystemDriver(_folder.FullPath);
        var (tree, lists) = (new RepositoryTree(driver), new ListMemory<RepositoryName[]>(driver));
        for (var round = 0; round < 8; round++)
            await WalkAsync();
        Assert.True(await IsRememberedAsync());
        Directory.CreateDirectory(_folder.At("docker/registry/v2/repositories/team/d/_layers"));
        await Task.Delay(TimeSpan.FromSeconds(3), Token);
        for (var round = 0; round < 8; round++)
            Assert.Equal(4, await WalkAsync());
        Assert.True(await IsRememberedAsync());

        async Task<int> WalkAsync() => await new RepositoryWalk(tree, lists).ListAsync(null, Token).CountAsync(Token);

        async Task<bool> IsRememberedAsync()
        {
            var isRead = false;
            var list = await lists.FindAsync(
                StoragePaths.Repositories,
                (_, _) =>
                {
                    isRead = true;
                    return ValueTask.FromResult<RepositoryName[]?>(null);
                },
                Token);
            return list is not null && !isRead;
        }
    }

    /// <summary>A store too large to be watched: of each folder one look at its stamp tells whether its children are still those that were read.</summary>
    [Fact]
    public async Task A_change_of_repositories_shows_at_once_also_where_they_are_too_many_to_watch()
    {
        Assert.SkipUnless(LocalFileSystem.Holds(_folder.FullPath), "stamps prove something on local file systems of Linux alone");
        foreach (var name in new[] { "b", "a/b", "a", "c/d/e" })
            await _registry.GetRepository(RepositoryName.Parse(name)).PushImageAsync("x", Token, "latest");
        var tree = new RepositoryTree(new FileSystemDriver(_folder.FullPath));
        // Folders that changed a moment ago are read again and again, until another change could not go unnoticed; then they are stamped, and marked.
        for (var rounds = 0; rounds < 3; rounds += IsKnown(tree.Enter()) ? 1 : 0)
            Assert.Equal(["a", "a/b", "b", "c/d/e"], await WalkAsync());
        string[][] folders = [["a/0/_layers", "a/0", "a", "a/b", "b", "c/d/e"], ["c/_manifests", "a/0", "a", "a/b", "b", "c", "c/d/e"], ["new/deep/_layers", "a/0", "a", "a/b", "b", "c", "c/d/e", "new/deep"]];
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(_folder.At($"docker/registry/v2/repositories/{folder[0]}"));
            for (var round = 0; round < 3; round++)
                Assert.Equal(folder[1..], await WalkAsync());
        }
        Directory.Move(_folder.At("docker/registry/v2/repositories/c/d"), _folder.At("docker/registry/v2/repositories/b/z"));
        Assert.Equal(["a/0", "a", "a/b", "b", "b/z/e", "c", "new/deep"], await WalkAsync());
        Directory.Delete(_folder.At("docker/registry/v2/repositories/a"), recursive: true);
        Assert.Equal(["b", "b/z/e", "c", "new/deep"], await WalkAsync());
        Directory.Move(_folder.At("docker/registry"), _folder.At("docker/elsewhere"));
        Assert.Empty(await WalkAsync());

        static bool IsKnown(RepositoryFolder folder) => folder.IsRepository || (folder.Known is { AreProvable: true } known && known.Children.All(IsKnown));

        async Task<List<string>> WalkAsync() =>
            [.. await new RepositoryWalk(tree, new ListMemory<RepositoryName[]>(new MemoryDriver())).ListAsync(null, Token).Select(name => name.ToString()).ToListAsync(Token)];
    }

    /// <summary>Each of these leaves the stamp of the folder that is asked for as it was.</summary>
    [Theory]
    [InlineData("teams/one")]
    [InlineData("teams")]
    public async Task What_takes_the_place_of_a_marked_folder_shows_at_once(string moved)
    {
        Assert.SkipUnless(LocalFileSystem.Holds(_folder.FullPath), "stamps prove something on local file systems of Linux alone");
        const string top = "docker/registry/v2/repositories/";
        Directory.CreateDirectory(_folder.At(top + "teams/one/app/_layers"));
        Directory.CreateDirectory(_folder.At("aside/teams/one/other/_layers"));
        Directory.CreateDirectory(_folder.At("aside/teams/two/other/_layers"));
        var tree = new RepositoryTree(new FileSystemDriver(_folder.FullPath));
        while (!IsMarked(tree.Enter(), null))
        {
            await Task.Delay(100, Token);
            Assert.Equal(["teams/one/app"], await WalkAsync());
        }

        Directory.Move(_folder.At(top + moved), _folder.At("was"));
        Directory.Move(_folder.At("aside/" + moved), _folder.At(top + moved));
        Assert.Equal(moved == "teams" ? ["teams/one/other", "teams/two/other"] : ["teams/one/other"], await WalkAsync());
        Directory.Delete(_folder.At(top + moved), recursive: true);
        Directory.Move(_folder.At("was"), _folder.At(top + moved));
        Assert.Equal(["teams/one/app"], await WalkAsync());
        Directory.CreateDirectory(_folder.At(top + "teams/one/deep/_layers"));
        Assert.Equal(["teams/one/app", "teams/one/deep"], await WalkAsync());

        static bool IsMarked(RepositoryFolder folder, KnownChildren? around) =>
            folder.IsRepository
            || (folder.Known is { } known && (around is null || known.AreMarkedIn(around)) && known.Children.All(child => IsMarked(child, known)));

        async Task<List<string>> WalkAsync() =>
            [.. await new RepositoryWalk(tree, new ListMemory<RepositoryName[]>(new MemoryDriver())).ListAsync(null, Token).Select(name => name.ToString()).ToListAsync(Token)];
    }

    [Fact]
    public async Task Pages_of_a_remembered_catalog_are_those_of_the_folders()
    {
        string[] names = ["a-b", "a/0", "a", "a/b/c", "con", "con/aux", "tags/list/x", "z0"];
        foreach (var name in names)
            await _registry.GetRepository(RepositoryName.Parse(name)).PushImageAsync("x", Token, "latest");
        string?[] starts = [null, "", "0", "a", "a/0", "a/0/x", "a/b", "a-b/c", "con", "tags/list", "zz", "a/", "//"];
        foreach (var after in starts)
        {
            var fresh = await CatalogAsync(after, new StorageRegistry(new FileSystemDriver(_folder.FullPath)));
            for (var round = 0; round < 3; round++)
                Assert.Equal(fresh, await CatalogAsync(after));
        }
    }

    [Fact]
    public async Task A_list_that_is_asked_for_while_tags_come_never_lacks_one_that_was_acknowledged()
    {
        var other = Repository(new StorageRegistry(new FileSystemDriver(_folder.FullPath)));
        for (var round = 0; round < 50; round++)
        {
            await other.PushImageAsync("x", Token, $"t{round:00}");
            var lists = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(ListAsync, Token)));
            Assert.All(lists, list => Assert.Equal(round + 1, list.Count));
        }
    }

    private static IRepository Repository(StorageRegistry registry) => registry.GetRepository(RepositoryName.Parse(Name));

    private async Task<List<string>> ListAsync() =>
        await Repository(_registry).Tags.ListAsync(cancellationToken: Token).Select(tag => tag.ToString()).ToListAsync(Token);

    private async Task<List<string>> ListUntilRememberedAsync()
    {
        await ListAsync();
        await ListAsync();
        return await ListAsync();
    }

    private async Task<List<string>> CatalogAsync(string? after = null, StorageRegistry? registry = null) =>
        await (registry ?? _registry).ListRepositoriesAsync(after, Token).Select(name => name.ToString()).ToListAsync(Token);
}
