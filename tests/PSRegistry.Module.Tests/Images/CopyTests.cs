using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

public sealed class CopyTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly RealImages _images = new();
    private readonly Skopeo _skopeo = new();
    private readonly TemporaryFolder _data = new();
    private TestRegistry _from = null!, _to = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string From => _from.Server.Uri.Authority;

    private string To => _to.Server.Uri.Authority;

    public async ValueTask InitializeAsync()
    {
        _from = await TestRegistry.StartAsync(_data);
        _to = await TestRegistry.StartAsync();
        await _skopeo.CopyAsync((await _images.MultiPlatformAsync()).Reference, $"docker://{From}/team/multi:v1", Token, "--all");
        await Http.PushAsync(_from.Server.Uri, Token, "app:1.0", "app:1.1", "app:2.0", "team/web:1.0");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _skopeo.DisposeAsync();
        await _images.DisposeAsync();
        await _from.DisposeAsync();
        await _to.DisposeAsync();
        await _data.DisposeAsync();
    }

    [Fact]
    public async Task An_image_is_copied_with_all_platforms_and_a_second_time_nothing_is_sent()
    {
        var copied = Assert.Single(_session.Run($"Copy-RegistryImage {From}/team/multi:v1 -Destination {To}"));
        Assert.Equal($"{To}/team/multi:v1", copied.ToString());
        Assert.Equal((await _images.MultiPlatformAsync()).Manifest.Digest, copied.Get<string>("Digest"));
        Assert.Equal(["linux/amd64", "linux/arm64"], copied.Get<IEnumerable<string>>("Platforms"));
        Assert.True(copied.Get<long>("Sent") > 0);
        Assert.Equal(await _skopeo.InspectRawAsync($"docker://{From}/team/multi:v1", Token), await _skopeo.InspectRawAsync($"docker://{To}/team/multi:v1", Token));
        _session.Run($"Copy-RegistryImage {From}/team/multi:v1 -Destination {To}");
        var log = _to.LogLines.Count;
        Assert.Equal(0, Assert.Single(_session.Run($"Copy-RegistryImage {From}/team/multi:v1 -Destination {To}")).Get<long>("Sent"));
        var lines = _to.LogLines.Skip(log).ToList();
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, line => line.Contains("PUT", StringComparison.Ordinal) || line.Contains("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("app:*", "", "app:1.0 app:1.1 app:2.0")]
    [InlineData("app:1.*", "/mirror/app", "mirror/app:1.0 mirror/app:1.1")]
    [InlineData("*:1.0", "/mirror/", "mirror/app:1.0 mirror/team/web:1.0")]
    [InlineData("team/*:*", "", "team/multi:v1 team/web:1.0")]
    [InlineData("app:2.0", "/other:new", "other:new")]
    [InlineData("app:none*", "", "")]
    public void Names_are_chosen_by_wildcards_and_kept_or_replaced(string image, string path, string expected)
    {
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{To}/{name}"), _session.Run($"Copy-RegistryImage {From}/{image} -Destination {To}{path}").Texts());
        Assert.Equal(expected, string.Join(' ', _session.Run($"Get-RegistryCatalog -Registry {To} | Get-RegistryTag | ForEach-Object {{ \"$($_.Repository):$($_.Tag)\" }}").Texts()));
    }

    [Theory]
    [InlineData("Get-RegistryCatalog -DataPath $data | Get-RegistryTag | Copy-RegistryImage -Destination TO")]
    [InlineData("Copy-RegistryImage *:* -DataPath $data -Destination TO")]
    [InlineData("Copy-RegistryImage -Repository * -Tag * -Path $data -Destination http://TO/")]
    public async Task A_data_folder_moves_into_a_registry(string script)
    {
        await _from.DisposeAsync();
        _session.Run($"$data = '{_data}'");
        Assert.Equal(5, _session.Run(script.Replace("TO", To, StringComparison.Ordinal)).Count);
        Assert.Equal((await _images.MultiPlatformAsync()).Manifest.Digest, Assert.Single(_session.Run($"Get-RegistryManifest {To}/team/multi:v1")).Get<string>("Digest"));
        _from = await TestRegistry.StartAsync();
    }

    [Fact]
    public async Task To_the_original_and_back_all_digests_stay()
    {
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path }, Token);
        var there = _session.Run($"Copy-RegistryImage {From}/*:* -Destination {original.Authority}").Select(copied => copied.Get<string>("Digest"));
        var back = _session.Run($"Get-RegistryCatalog -Registry {original.Authority} | Get-RegistryTag | Copy-RegistryImage -Destination {To}").Select(copied => copied.Get<string>("Digest"));
        Assert.Equal(there.Order(), back.Order());
    }

    [Fact]
    public void Within_a_registry_nothing_is_sent()
    {
        var copied = Assert.Single(_session.Run($"Copy-RegistryImage {From}/team/multi:v1 -Destination {From}/released/multi:v1"));
        Assert.Equal(0, copied.Get<long>("Sent"));
        Assert.Single(_session.Run($"Get-RegistryTag {From}/released/multi"));
    }

    [Fact]
    public void A_digest_is_copied_without_a_tag_or_with_a_new_one()
    {
        var digest = Assert.Single(_session.Run($"Get-RegistryManifest {From}/app:1.0")).Get<string>("Digest");
        Assert.Equal($"{To}/app@{digest}", Assert.Single(_session.Run($"Copy-RegistryImage {From}/app@{digest} {To}")).ToString());
        Assert.Equal($"{To}/app:new", Assert.Single(_session.Run($"Copy-RegistryImage {From}/app@{digest} {To}/app:new")).ToString());
        Assert.Equal(["new"], _session.Run($"Get-RegistryTag {To}/app | ForEach-Object Tag").Texts());
    }

    [Fact]
    public void A_platform_is_copied_alone()
    {
        var arm64 = Assert.Single(_session.Run($"Get-RegistryImage {From}/team/multi:v1 -Platform linux/arm64")).Get<string>("Digest");
        Assert.Equal(arm64, Assert.Single(_session.Run($"Copy-RegistryImage {From}/team/multi:v1 {To} -Platform linux/arm64")).Get<string>("Digest"));
        Assert.Equal("ImagePlatformNotFound", _session.Fails($"Copy-RegistryImage {From}/team/multi:v1 {To} -Platform plan9/386").FullyQualifiedErrorId.Split(',')[0]);
        // One image has no list to choose from, and yet is for one platform alone.
        Assert.Equal("ImagePlatformNotFound", _session.Fails($"Copy-RegistryImage {From}/app:1.0 {To} -Platform linux/arm64").FullyQualifiedErrorId.Split(',')[0]);
        Assert.Single(_session.Run($"Copy-RegistryImage {From}/app:1.0 {To} -Platform linux/amd64"));
    }

    [Fact]
    public async Task Referrers_come_along_on_request()
    {
        var digest = Assert.Single(_session.Run($"Get-RegistryManifest {From}/app:1.0")).Get<string>("Digest");
        var signature = await TinyImages.PushReferrerAsync(_from.Http, "app", digest, "application/vnd.example.signature", Token);
        _session.Run($"$null = Copy-RegistryImage {From}/app:1.0 {To}");
        Assert.Empty(_session.Run($"Get-RegistryReferrer {To}/app:1.0"));
        _session.Run($"$null = Copy-RegistryImage {From}/app:1.0 {To} -WithReferrers");
        Assert.Equal(signature.Digest, Assert.Single(_session.Run($"Get-RegistryReferrer {To}/app:1.0")).Get<string>("Digest"));
    }

    [Fact]
    public void What_if_copies_nothing()
    {
        Assert.Empty(_session.Run($"Copy-RegistryImage {From}/*:* {To} -WhatIf"));
        Assert.Empty(_session.Run($"Get-RegistryCatalog -Registry {To}"));
    }

    [Theory]
    [InlineData("Copy-RegistryImage F/app:gone T", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Copy-RegistryImage F/gone:* T", "RegistryContentNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Copy-RegistryImage F/app* T", "ImageWithoutTag", ErrorCategory.InvalidArgument)]
    [InlineData("Copy-RegistryImage F/NO:* T", "InvalidRepositoryName", ErrorCategory.InvalidArgument)]
    [InlineData("Copy-RegistryImage F/app:1.0 127.0.0.1:1", "RegistryUnreachable", ErrorCategory.ConnectionError)]
    [InlineData("Copy-RegistryImage F/app:1.0 T/app:no!tag", "InvalidDestination", ErrorCategory.InvalidArgument)]
    [InlineData("Copy-RegistryImage F/app:1.0 T/NO", "InvalidDestination", ErrorCategory.InvalidArgument)]
    [InlineData("Copy-RegistryImage F/app:1.0 app:stable", "InvalidDestination", ErrorCategory.InvalidArgument)]
    [InlineData("Copy-RegistryImage app:1.0 T -DataPath /nowhere", "NoRegistryData", ErrorCategory.ObjectNotFound)]
    [InlineData("Copy-RegistryImage *:1.0 T/one -Registry F", "SameImageName", ErrorCategory.InvalidArgument)]
    public void A_slip_has_an_error_with_an_id_and_a_category(string script, string id, ErrorCategory category)
    {
        var error = Fails(script.Replace("F/", $"{From}/", StringComparison.Ordinal).Replace(" T", $" {To}", StringComparison.Ordinal).Replace(" F", $" {From}", StringComparison.Ordinal));
        Assert.Equal((id, category), (error.FullyQualifiedErrorId.Split(',')[0], error.CategoryInfo.Category));
    }

    [Fact]
    public async Task One_image_that_is_missing_does_not_hold_up_the_others()
    {
        await using var destination = await TestRegistry.StartAsync();
        var (output, errors, _) = _session.RunWithErrors($"'{From}/app:gone', '{From}/app:1.0' | Copy-RegistryImage -Destination {destination.Server.Uri.Authority}");
        Assert.Single(output);
        Assert.Single(errors);
    }

    [Fact]
    public async Task The_login_of_the_source_stays_with_the_source()
    {
        var asked = new List<string?>();
        await using var destination = await ScriptedServer.StartAsync(context =>
        {
            lock (asked)
                asked.Add(context.Request.Headers.Authorization);
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"there\"";
            return ScriptedServer.RefuseAsync(context, 401, "UNAUTHORIZED");
        });
        using var session = new Session(("login", Logins.Of("ann", "of-the-source")), ("other", Logins.Of("bob", "of-the-destination")));
        Assert.Equal("RegistryUnauthorized", session.Fails($"Copy-RegistryImage {From}/app:1.0 {destination.Address} -Credential $login").FullyQualifiedErrorId.Split(',')[0]);
        Assert.All(asked, Assert.Null);
        var refused = session.Fails($"Copy-RegistryImage {From}/app:1.0 {destination.Address} -Credential $login -DestinationCredential $other");
        Assert.Equal($"{new Uri(destination.Address.ToString()).Authority}/app:1.0", refused.TargetObject.ToString());
        Assert.Equal(["Basic " + Convert.ToBase64String("bob:of-the-destination"u8)], asked.OfType<string>().Distinct());
    }

    [Fact]
    public void A_pipeline_that_is_broken_off_copies_no_more()
    {
        Assert.Single(_session.Run($"foreach ($i in 1) {{ Get-RegistryTag {From}/app | Copy-RegistryImage -Destination {To} | ForEach-Object {{ $_; break }} }}"));
        Assert.Single(_session.Run($"Get-RegistryTag {To}/app"));
    }

    [Fact]
    public async Task Stopped_in_the_middle_it_leaves_no_tag_behind()
    {
        await using var slow = await StallingRegistry.StartAsync(_from.Server.Uri);
        using var shell = _session.Shell($"Copy-RegistryImage {slow.Authority}/team/multi:v1 -Destination {To}");
        var running = shell.BeginInvoke();
        await slow.Stalled.WaitAsync(Token);
        shell.Stop();
        Assert.True(running.IsCompleted);
        Assert.DoesNotContain("team/multi:v1", _session.RunWithErrors($"Get-RegistryCatalog -Registry {To} | Get-RegistryTag | ForEach-Object {{ \"$($_.Repository):$($_.Tag)\" }}").Output.Texts());
    }

    private ErrorRecord Fails(string script)
    {
        try
        {
            return _session.Fails(script);
        }
        catch (CmdletInvocationException terminating)
        {
            return terminating.ErrorRecord;
        }
    }
}
