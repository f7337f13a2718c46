using System.Globalization;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Lists;

/// <summary>What the client finds in a registry is what was pushed, whichever registry it is.</summary>
public sealed class RealRegistryTests
{
    private static readonly string[] Repositories = ["a", "a/b", "library/app", "z"];

    private static readonly string[] Tags = [.. Enumerable.Range(0, 7).Select(number => string.Create(CultureInfo.InvariantCulture, $"v{number}"))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Ours_is_listed_completely(int pageSize)
    {
        await using var registry = await TestRegistry.StartAsync();
        await PushAsync(registry.Http);
        await MustListAsync(registry.Http.Address, pageSize);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task The_original_is_listed_completely(int pageSize)
    {
        await using var data = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = data.Path }, Token);
        await PushAsync(original.Http);
        await MustListAsync(original.Http.Address, pageSize);
    }

    [Fact]
    public async Task A_repository_that_lost_its_tags_has_none_in_the_original()
    {
        await using var data = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = data.Path }, Token);
        var image = await TinyImages.PushAsync(original.Http, "library/app", "v0", [1], Token);
        await original.Http.DeleteManifestAsync("library/app", image.Manifest, Token);
        var listed = await original.Http.GetAsync("/v2/library/app/tags/list", Token);
        Assert.Contains("null", listed.Text, StringComparison.Ordinal);
        using var client = Clients.Of(original.Http.Address);
        Assert.Empty(await client.TagsAsync());
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_named()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var client = Clients.Of(registry.Http.Address);
        await client.PingAsync(Token);
        var fault = await Clients.FailsAsync(RegistryFailure.NotFound, () => client.TagsAsync());
        Assert.Equal($"{registry.Http.Address.Authority} has no repository library/app.", fault.Message);
        Assert.Equal(ErrorCode.NameUnknown, Assert.Single(fault.Errors).Code);
        Assert.Empty(await client.RepositoriesAsync());
    }

    private static async Task PushAsync(RegistryHttp http)
    {
        foreach (var repository in Repositories)
            await TinyImages.PushAsync(http, repository, "v0", [1], Token);
        foreach (var tag in Tags)
            await TinyImages.PushAsync(http, "library/app", tag, [1], Token);
    }

    private static async Task MustListAsync(Uri address, int pageSize)
    {
        using var client = Clients.Of(address, new() { PageSize = pageSize });
        Assert.Equal(Repositories, (await client.RepositoriesAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(Tags, (await client.TagsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(["v5", "v6"], (await client.TagsAsync(after: "v4")).Order(StringComparer.Ordinal));
        Assert.Equal(["z"], await client.RepositoriesAsync(after: "library/app"));
    }
}
