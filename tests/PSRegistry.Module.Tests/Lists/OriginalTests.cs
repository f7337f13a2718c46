using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Lists;

public sealed class OriginalTests
{
    [Fact]
    public async Task The_original_registry_is_listed_like_ours()
    {
        var token = TestContext.Current.CancellationToken;
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path }, token);
        await Http.PushAsync(original.Http.Address, token, "b:1", "b:2", "a/c:1");
        using var session = new Session();
        Assert.Equal(
            [$"{original.Authority}/a/c:1", $"{original.Authority}/b:1", $"{original.Authority}/b:2"],
            session.Run($"Get-RegistryCatalog -Registry {original.Authority} | Get-RegistryTag").Texts().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_repository_without_tags_holds_up_no_list_of_those_that_match()
    {
        var token = TestContext.Current.CancellationToken;
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path }, token);
        await Http.PushAsync(original.Http.Address, token, "a/full:1", "a/void:1");
        Directory.Delete(folder["docker", "registry", "v2", "repositories", "a", "void", "_manifests", "tags"], recursive: true);
        using var session = new Session();
        Assert.Equal([$"{original.Authority}/a/full:1"], session.Run($"Get-RegistryTag a/* -Registry {original.Authority}").Texts());
        Assert.Equal("RegistryContentNotFound", session.Fails($"Get-RegistryTag a/void -Registry {original.Authority}").FullyQualifiedErrorId.Split(',')[0]);
    }
}
