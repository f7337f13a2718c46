using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

/// <summary>A data folder is worked on without a server, and beside one that runs on it.</summary>
public sealed class DataFolderTests : IAsyncLifetime
{
    private readonly Session _session;
    private readonly RealImages _images = new();
    private readonly Skopeo _skopeo = new();
    private readonly TemporaryFolder _folder = new();
    private TestRegistry _server = null!;

    public DataFolderTests() => _session = new Session(("data", _folder.Path));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestRegistry.StartAsync(_folder);
        await Http.PushAsync(_server.Server.Uri, Token, "app:1.0", "app:1.1", "team/web:v2", "docker.io/library/nginx:1.25");
        await _skopeo.CopyAsync((await _images.MultiPlatformAsync()).Reference, $"docker://{_server.Server.Uri.Authority}/team/multi:v1", Token, "--all");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _skopeo.DisposeAsync();
        await _images.DisposeAsync();
        await _server.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Theory]
    [InlineData("-DataPath")]
    [InlineData("-Path")]
    public void Everything_in_a_folder_is_listed_with_its_path_as_registry(string parameter)
    {
        var tags = _session.Run($"Get-RegistryCatalog {parameter} $data | Get-RegistryTag");
        Assert.Equal(
            ["app:1.0", "app:1.1", "docker.io/library/nginx:1.25", "team/multi:v1", "team/web:v2"],
            tags.Select(tag => $"{tag.Get<string>("Repository")}:{tag.Get<string>("Tag")}"));
        Assert.All(tags, tag => Assert.Equal(_folder.Path, tag.Get<string>("Registry")));
        Assert.Equal($"{_folder}/app:1.0", tags[0].ToString());
    }

    [Theory]
    [InlineData("Get-RegistryManifest team/multi:v1 | ForEach-Object { \"$($_.Digest) $($_.MediaType) $($_.GetText())\" }")]
    [InlineData("Get-RegistryImage team/multi:v1 | ForEach-Object { \"$($_.Digest) $($_.Platform) $($_.Size) $($_.Created) $($_.Layers)\" }")]
    [InlineData("Get-RegistryTag team/* | ForEach-Object { \"$($_.Repository):$($_.Tag)\" }")]
    [InlineData("Get-RegistryCatalog *e* | ForEach-Object Repository")]
    public void A_folder_is_read_as_its_server_shows_it(string script)
    {
        var names = script.Split(" | ", 2);
        var offline = _session.Run($"{names[0]} -DataPath $data | {names[1]}").Texts().ToList();
        Assert.NotEmpty(offline);
        Assert.Equal(_session.Run($"{names[0]} -Registry {_server.Server.Uri.Authority} | {names[1]}").Texts(), offline);
    }

    [Fact]
    public async Task Referrers_are_found_in_a_folder()
    {
        var subject = Assert.Single(_session.Run("Get-RegistryManifest team/multi:v1 -DataPath $data")).Get<string>("Digest");
        var signature = await TinyImages.PushReferrerAsync(_server.Http, "team/multi", subject, "application/vnd.example.signature", Token);
        var found = Assert.Single(_session.Run("Get-RegistryTag team/multi -DataPath $data | Get-RegistryReferrer"));
        Assert.Equal((signature.Digest, _folder.Path), (found.Get<string>("Digest"), found.Get<string>("Registry")));
    }

    [Fact]
    public void A_running_server_sees_at_once_what_is_changed_in_its_folder()
    {
        var registry = _server.Server.Uri.Authority;
        Assert.Equal($"{_folder}/team/web:stable", Assert.Single(_session.Run("Add-RegistryTag team/web:v2 stable -DataPath $data")).ToString());
        _session.Run("Remove-RegistryTag team/web:v2 -DataPath $data");
        Assert.Equal(["stable"], _session.Run($"Get-RegistryTag team/web -Registry {registry} | ForEach-Object Tag").Texts());
        // The first listing is remembered by the server, and proven unchanged for the second.
        _session.Run($"1..3 | ForEach-Object {{ Get-RegistryTag app -Registry {registry} }}");
        var removal = Assert.Single(_session.Run("Remove-RegistryImage app:1.0 -DataPath $data -Confirm:$false -Detailed"));
        Assert.Equal(["1.0", "1.1"], removal.Get<IEnumerable<string>>("Tags"));
        Assert.Equal(_folder.Path, removal.Get<string>("Registry"));
        Assert.Empty(_session.Run($"Get-RegistryTag app -Registry {registry}"));
    }

    [Fact]
    public async Task A_pipeline_that_begins_in_a_folder_stays_in_it()
    {
        // The registry that is meant when none is named.
        var other = Assert.Single(_session.Run("Start-RegistryServer -InMemory -Port 0"));
        await Http.PushAsync(other.Get<Uri>("Uri"), Token, "app:1.0", "docker.io/library/nginx:1.25");
        _session.Run("Get-RegistryCatalog -DataPath $data | Get-RegistryTag | Remove-RegistryImage -Confirm:$false -ErrorAction Ignore");
        Assert.Empty(_session.Run("Get-RegistryCatalog -DataPath $data | Get-RegistryTag"));
        Assert.Equal(2, _session.Run($"Get-RegistryCatalog -Registry {other.Get<string>("Registry")} | Get-RegistryTag").Count);
    }

    [Fact]
    public void What_if_changes_nothing_in_a_folder()
    {
        var before = Files();
        _session.Run("Get-RegistryTag app -DataPath $data | Remove-RegistryImage -Recurse -WhatIf; Get-RegistryTag app -DataPath $data | Remove-RegistryTag -WhatIf; Add-RegistryTag app:1.0 new -DataPath $data -WhatIf");
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task The_original_goes_on_with_a_folder_that_was_changed_here()
    {
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path }, Token);
        await Http.PushAsync(original.Http.Address, Token, "a:1", "a:2", "b:1");
        using var session = new Session(("data", folder.Path));
        session.Run("Remove-RegistryTag a:1 -DataPath $data; $null = Add-RegistryTag b:1 copy -DataPath $data");
        Assert.Equal(["a:2", "b:1", "b:copy"], session.Run($"Get-RegistryCatalog -Registry {original.Authority} | Get-RegistryTag | ForEach-Object {{ \"$($_.Repository):$($_.Tag)\" }}").Texts().Order(StringComparer.Ordinal));
        session.Run($"Get-RegistryTag a -DataPath $data | Remove-RegistryImage -Confirm:$false");
        Assert.Equal("RegistryImageNotFound", session.Fails($"Get-RegistryManifest {original.Authority}/a:2").FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_folder_is_named_from_where_the_user_stands()
    {
        _session.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{Path.GetDirectoryName(_folder.Path)}')");
        var tag = Assert.Single(_session.Run($"Get-RegistryTag team/web -DataPath ./{Path.GetFileName(_folder.Path)}/"));
        Assert.Equal(_folder.Path, tag.Get<string>("Registry"));
    }

    [Theory]
    [InlineData("Get-RegistryCatalog -DataPath /nowhere/at/all", "NoRegistryData", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-RegistryCatalog -Registry /nowhere/at/all", "NoRegistryData", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-RegistryTag gone -DataPath $data", "RegistryContentNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-RegistryManifest app:gone -DataPath $data", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Remove-RegistryTag app:gone -DataPath $data", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Remove-RegistryImage app -DataPath $data", "ImageWithoutTag", ErrorCategory.InvalidArgument)]
    [InlineData("Get-RegistryManifest localhost:5000/app:1.0 -DataPath $data", "InvalidImageReference", ErrorCategory.InvalidArgument)]
    [InlineData("Get-RegistryTag app -DataPath $data -Registry localhost:5000", "RegistryAndDataPath", ErrorCategory.InvalidArgument)]
    [InlineData("Get-RegistryCatalog -DataPath $data | Get-RegistryTag -DataPath /tmp", "NoRegistryData", ErrorCategory.ObjectNotFound)]
    public void A_slip_has_an_error_with_an_id_and_a_category(string script, string id, ErrorCategory category)
    {
        var errors = _session.RunWithErrors(script).Errors;
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Equal((id, category), (error.FullyQualifiedErrorId.Split(',')[0], error.CategoryInfo.Category)));
    }

    [Fact]
    public void A_folder_without_data_is_refused_and_left_as_it_is()
    {
        using var empty = new TemporaryFolder();
        var error = _session.Fails($"Get-RegistryCatalog -DataPath '{empty}'");
        Assert.Equal("NoRegistryData,PSRegistry.Commands.GetRegistryCatalogCommand", error.FullyQualifiedErrorId);
        Assert.Contains(empty.Path, error.ToString(), StringComparison.Ordinal);
        _session.Fails($"Get-RegistryCatalog -DataPath '{empty["missing"]}'");
        Assert.Empty(Directory.EnumerateFileSystemEntries(empty.Path));
    }

    [Fact]
    public void A_config_that_is_damaged_on_the_disk_is_not_believed()
    {
        var digest = Assert.Single(_session.Run("(Get-RegistryManifest app:1.0 -DataPath $data).Config.Digest")).ToString().Split(':')[1];
        File.WriteAllText(_folder["docker", "registry", "v2", "blobs", "sha256", digest[..2], digest, "data"], "{}");
        Assert.Equal("RegistryContentUnreadable", _session.Fails("Get-RegistryImage app:1.0 -DataPath $data").FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_pipeline_that_is_broken_off_writes_no_more() =>
        Assert.Single(_session.Run("foreach ($i in 1) { Get-RegistryCatalog -DataPath $data | Get-RegistryTag | ForEach-Object { $_; break } }"));

    [Fact]
    public void A_mirror_of_another_registry_is_told_apart_from_it()
    {
        var manifest = Assert.Single(_session.Run($"Get-RegistryTag docker.io/library/nginx -Registry {_server.Server.Uri.Authority} | Get-RegistryManifest"));
        Assert.Equal((_server.Server.Uri.Authority, "docker.io/library/nginx"), (manifest.Get<string>("Registry"), manifest.Get<string>("Repository")));
        Assert.Single(_session.Run("Get-RegistryManifest docker.io/library/nginx:1.25 -DataPath $data"));
    }

    private List<string> Files() => [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
