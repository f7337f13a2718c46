using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

public sealed class RemovalTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        await Http.PushAsync(_registry.Server.Uri, Token, "app:1.0", "app:1.1");
        await TinyImages.PushAsync(_registry.Http, "app", "other", TestBytes.Make(5000), Token);
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public void An_image_goes_with_all_of_its_tags_and_what_went_is_told()
    {
        var removal = Assert.Single(_session.Run($"Remove-RegistryImage {Registry}/app:1.0 -Confirm:$false -Detailed"));
        Assert.Equal(["1.0", "1.1"], removal.Get<IEnumerable<string>>("Tags"));
        Assert.True(removal.Get<bool>("Removed"));
        Assert.InRange(removal.Get<long>("FreedBytes"), 100, 2000);
        Assert.Equal(["other"], _session.Run($"Get-RegistryTag {Registry}/app | ForEach-Object Tag").Texts());
    }

    [Fact]
    public void What_if_removes_nothing()
    {
        _session.Run($"Remove-RegistryImage {Registry}/app:1.0 -WhatIf");
        _session.Run($"Remove-RegistryTag {Registry}/app:1.0 -WhatIf");
        Assert.Equal(3, _session.Run($"Get-RegistryTag {Registry}/app").Count);
    }

    [Fact]
    public void Images_are_removed_by_the_pipeline()
    {
        _session.Run($"Get-RegistryTag {Registry}/app -Tag other | Remove-RegistryImage -Confirm:$false");
        Assert.Equal(["1.0", "1.1"], _session.Run($"Get-RegistryTag {Registry}/app | ForEach-Object Tag").Texts());
    }

    [Fact]
    public void A_tag_goes_alone()
    {
        _session.Run($"Remove-RegistryTag {Registry}/app:1.0");
        Assert.Equal(["1.1", "other"], _session.Run($"Get-RegistryTag {Registry}/app | ForEach-Object Tag").Texts());
    }

    [Fact]
    public async Task Referrers_stay_or_go_with_recurse()
    {
        var digest = Assert.Single(_session.Run($"Get-RegistryManifest {Registry}/app:other")).Get<string>("Digest");
        var signature = (await TinyImages.PushReferrerAsync(_registry.Http, "app", digest, "application/vnd.example.signature", Token)).Digest;
        var kept = Assert.Single(_session.Run($"Add-RegistryTag {Registry}/app:other copy | Out-Null; Remove-RegistryImage {Registry}/app:other -Recurse -Confirm:$false -Detailed"));
        Assert.Equal([signature], kept.Get<IEnumerable<string>>("Orphans"));
        Assert.Equal("RegistryImageNotFound", _session.Fails($"Get-RegistryManifest '{Registry}/app@{signature}'").FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public async Task Where_deletion_is_off_the_error_says_who_switches_it_on()
    {
        await using var closed = await TestRegistry.StartAsync(configuration => configuration with { Storage = configuration.Storage with { DeleteEnabled = false } });
        await Http.PushAsync(closed.Server.Uri, Token, "app:1.0");
        var error = _session.Fails($"Remove-RegistryImage {closed.Server.Uri.Authority}/app:1.0 -Confirm:$false");
        Assert.Equal("RegistryOperationUnsupported,PSRegistry.Commands.RemoveRegistryImageCommand", error.FullyQualifiedErrorId);
        Assert.Contains("storage.delete.enabled", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_session.Run($"Get-RegistryTag {closed.Server.Uri.Authority}/app"));
    }

    [Fact]
    public async Task The_original_removes_no_tag_but_by_the_way_round()
    {
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path, DeleteEnabled = true }, Token);
        await Http.PushAsync(original.Http.Address, Token, "app:1.0", "app:1.1");
        var digest = Assert.Single(_session.Run($"Get-RegistryManifest {original.Authority}/app:1.1")).Get<string>("Digest");
        var error = _session.Fails($"Remove-RegistryTag {original.Authority}/app:1.0");
        Assert.Equal("RegistryOperationUnsupported,PSRegistry.Commands.RemoveRegistryTagCommand", error.FullyQualifiedErrorId);
        Assert.Contains("-Force", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        _session.Run($"Remove-RegistryTag {original.Authority}/app:1.0 -Force");
        Assert.Equal(["1.1"], _session.Run($"Get-RegistryTag {original.Authority}/app | ForEach-Object Tag").Texts());
        Assert.Equal(digest, Assert.Single(_session.Run($"Get-RegistryManifest {original.Authority}/app:1.1")).Get<string>("Digest"));
    }

    [Fact]
    public async Task The_way_round_leaves_a_tag_alone_where_deletion_is_off()
    {
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path, DeleteEnabled = false }, Token);
        await Http.PushAsync(original.Http.Address, Token, "app:1.0");
        var digest = Assert.Single(_session.Run($"Get-RegistryManifest {original.Authority}/app:1.0")).Get<string>("Digest");
        Assert.Equal("RegistryOperationUnsupported", _session.Fails($"Remove-RegistryTag {original.Authority}/app:1.0 -Force").FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(digest, Assert.Single(_session.Run($"Get-RegistryManifest {original.Authority}/app:1.0")).Get<string>("Digest"));
    }
}
