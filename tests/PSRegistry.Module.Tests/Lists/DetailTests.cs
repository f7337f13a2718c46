using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Lists;

/// <summary>-Detailed and -Filter of the list cmdlets.</summary>
public sealed class DetailTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        await Http.PushAsync(_registry.Server.Uri, Token, "nginx:1.25", "nginx:1.26", "nginx:latest", "team/app:v1", "team/web:v2");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task A_tag_in_detail_tells_what_it_names()
    {
        const string Config = """{"architecture":"arm64","os":"linux","created":"2024-05-06T07:08:09Z"}""";
        var digest = await PushAsync("made", "1", "application/vnd.oci.image.config.v1+json", Config);
        var tag = Assert.Single(_session.Run($"Get-RegistryTag {Registry}/made -Detailed"));
        Assert.Equal($"{Registry}/made:1", tag.ToString());
        Assert.Equal((digest, "application/vnd.oci.image.manifest.v1+json"), (tag.Get<string>("Digest"), tag.Get<string>("MediaType")));
        Assert.Equal(Config.Length + 10L, tag.Get<long>("Size"));
        Assert.Equal(["linux/arm64"], tag.Get<IReadOnlyList<string>>("Platforms"));
        Assert.Equal(DateTime.Parse("2024-05-06T07:08:09Z", CultureInfo.InvariantCulture), tag.Get<DateTime?>("Created"));
        Assert.Equal(["PSRegistry.Output.RegistryTagDetail", "PSRegistry.Output.RegistryTag"], tag.TypeNames.Take(2));
        Assert.Equal(digest, Assert.Single(_session.Run($"Get-RegistryTag {Registry}/made -Detailed | Get-RegistryManifest")).Get<string>("Digest"));
    }

    [Fact]
    public async Task An_index_counts_what_its_platforms_share_once()
    {
        await using var images = new RealImages();
        await using var skopeo = new Skopeo();
        await skopeo.CopyAsync((await images.MultiPlatformAsync()).Reference, $"docker://{Registry}/multi:v1", Token, "--all");
        var tag = Assert.Single(_session.Run($"Get-RegistryTag {Registry}/multi -Detailed"));
        Assert.Equal(["linux/amd64", "linux/arm64"], tag.Get<IReadOnlyList<string>>("Platforms"));
        var blobs = _session.Run($"(Get-RegistryManifest {Registry}/multi:v1).Manifests | Where-Object Platform -Like 'linux/*' | ForEach-Object {{ $m = Get-RegistryManifest \"{Registry}/multi@$($_.Digest)\"; $m.Config; $m.Layers }}")
            .DistinctBy(blob => blob.Get<string>("Digest"));
        Assert.Equal(blobs.Sum(blob => blob.Get<long>("Size")), tag.Get<long>("Size"));
    }

    [Fact]
    public async Task An_artifact_has_no_platform_and_its_config_is_not_asked_for()
    {
        await PushAsync("chart", "1", "application/vnd.cncf.helm.config.v1+json", "{}");
        var tag = Assert.Single(_session.Run($"Get-RegistryTag {Registry}/chart -Detailed"));
        Assert.Equal("application/vnd.cncf.helm.config.v1+json", tag.Get<string>("ArtifactType"));
        Assert.Empty(tag.Get<IReadOnlyList<string>>("Platforms"));
        Assert.Null(tag.Properties["Created"].Value);
    }

    [Fact]
    public void Details_of_the_whole_catalog_come_in_its_order() =>
        Assert.Equal(
            new[] { "nginx:1.25", "nginx:1.26", "nginx:latest", "team/app:v1", "team/web:v2" }.Select(image => $"{Registry}/{image}"),
            _session.Run($"Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag -Detailed -ThrottleLimit 3 | Where-Object Digest -Like 'sha256:*'").Texts());

    [Fact]
    public async Task So_many_requests_are_in_flight_for_one_repository_and_for_many_and_the_order_is_kept()
    {
        var open = 0;
        var most = 0;
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            var now = Interlocked.Increment(ref open);
            for (var seen = most; now > seen; seen = most)
                Interlocked.CompareExchange(ref most, now, seen);
            var path = context.Request.Path.Value!;
            await Task.Delay(path.EndsWith("/t1", StringComparison.Ordinal) ? 200 : 20, context.RequestAborted);
            Interlocked.Decrement(ref open);
            if (path.EndsWith("/tags/list", StringComparison.Ordinal))
                await ScriptedServer.AnswerAsync(context, """{"tags":["t1","t2","t3","t4","t5","t6","t7","t8","t9"]}""");
            else
                await ManifestAsync(context);
        });
        var expected = Enumerable.Range(1, 9).Select(number => $"t{number}").ToList();
        Assert.Equal(expected, _session.Run($"Get-RegistryTag a -Registry {server.Address} -Detailed -ThrottleLimit 4 | ForEach-Object Tag").Texts());
        Assert.Equal(4, most);
        Assert.Equal(
            Enumerable.Repeat(expected, 5).SelectMany(tags => tags),
            _session.Run($"'a', 'b', 'c', 'd', 'e' | Get-RegistryTag -Registry {server.Address} -Detailed -ThrottleLimit 4 | ForEach-Object Tag").Texts());
        Assert.Equal(4, most);
    }

    [Fact]
    public async Task One_tag_that_cannot_be_looked_at_is_an_error_of_its_own_and_the_others_go_on()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            var path = context.Request.Path.Value!;
            return path.EndsWith("/tags/list", StringComparison.Ordinal) ? ScriptedServer.AnswerAsync(context, """{"tags":["a","gone","z"]}""")
                : path.EndsWith("/gone", StringComparison.Ordinal) ? ScriptedServer.RefuseAsync(context, StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN")
                : ManifestAsync(context);
        });
        var (output, errors, _) = _session.RunWithErrors($"Get-RegistryTag r -Registry {server.Address} -Detailed | ForEach-Object Tag");
        Assert.Equal(["a", "z"], output.Texts());
        var error = Assert.Single(errors);
        Assert.Equal("RegistryImageNotFound,PSRegistry.Commands.GetRegistryTagCommand", error.FullyQualifiedErrorId);
        Assert.Equal($"{server.Address.Authority}/r:gone", error.TargetObject);
    }

    [Fact]
    public async Task A_registry_that_fails_ends_the_list_with_one_error_behind_what_came_before()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            var path = context.Request.Path.Value!;
            return path.EndsWith("/tags/list", StringComparison.Ordinal) ? ScriptedServer.AnswerAsync(context, """{"tags":["a","b","c"]}""")
                : path.EndsWith("/a", StringComparison.Ordinal) ? ManifestAsync(context)
                : ScriptedServer.RefuseAsync(context, StatusCodes.Status403Forbidden, "DENIED");
        });
        var (output, errors, _) = _session.RunWithErrors($"Get-RegistryTag r -Registry {server.Address} -Detailed | ForEach-Object Tag");
        Assert.Equal(["a"], output.Texts());
        Assert.Equal("RegistryDenied", Assert.Single(errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public async Task A_pipeline_that_is_broken_off_looks_at_no_more_tags()
    {
        var tags = string.Join(',', Enumerable.Range(0, 900).Select(number => $"\"t{number}\""));
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Path.Value!.EndsWith("/tags/list", StringComparison.Ordinal)
            ? ScriptedServer.AnswerAsync(context, $$"""{"tags":[{{tags}}]}""")
            : ManifestAsync(context));
        Assert.Single(_session.Run($"foreach ($i in 1) {{ Get-RegistryTag r -Registry {server.Address} -Detailed | ForEach-Object {{ $_; break }} }}"));
        var asked = server.Requests.Count;
        Assert.True(asked < 900, $"{asked} requests");
        await Task.Delay(200, Token);
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public async Task One_token_does_for_a_repository_and_all_of_its_details()
    {
        await using var tokens = await new TokenServer().StartAsync();
        await using var server = await ScriptedServer.StartAsync(context =>
            !tokens.Admits(context, "repository:team/app:pull") ? Task.CompletedTask
            : context.Request.Path.Value!.EndsWith("/tags/list", StringComparison.Ordinal) ? ScriptedServer.AnswerAsync(context, """{"tags":["1","2","3"]}""")
            : ManifestAsync(context));
        Assert.Equal(["1", "2", "3"], _session.Run($"Get-RegistryTag team/app -Registry {server.Address} -Detailed | ForEach-Object Tag").Texts());
        Assert.Single(tokens.Requests);
    }

    [Theory]
    [InlineData("Get-RegistryCatalog -Filter team/*", "team/app team/web")]
    [InlineData("Get-RegistryCatalog *p -Filter t*", "team/app")]
    [InlineData("Get-RegistryCatalog -Filter TEAM/*", "")]
    [InlineData("Get-RegistryTag nginx -Filter 1.*", "nginx:1.25 nginx:1.26")]
    [InlineData("Get-RegistryTag nginx -Tag *6, latest -Filter 1.*", "nginx:1.26")]
    [InlineData("Get-RegistryTag * -Filter v?", "team/app:v1 team/web:v2")]
    public void A_filter_is_one_wildcard_for_what_is_listed(string script, string expected) =>
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{Registry}/{name}"),
            _session.Run($"{script} -Registry {Registry}").Texts());

    [Fact]
    public void The_catalog_in_detail_counts_tags() =>
        Assert.Equal(
            [("nginx", 3), ("team/app", 1), ("team/web", 1)],
            _session.Run($"Get-RegistryCatalog -Registry {Registry} -Detailed").Select(found => (found.Get<string>("Repository"), found.Get<int>("TagCount"))));

    [Fact]
    public async Task A_repository_whose_last_tag_is_gone_has_none_to_the_original_too()
    {
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path }, Token);
        await Http.PushAsync(original.Http.Address, Token, "a:1", "b:1");
        _session.Run($"Remove-RegistryImage {original.Authority}/a:1 -Confirm:$false");
        Assert.Equal(
            [("a", 0), ("b", 1)],
            _session.Run($"Get-RegistryCatalog -Registry {original.Authority} -Detailed").Select(found => (found.Get<string>("Repository"), found.Get<int>("TagCount"))));
        Assert.Equal("linux/amd64", Assert.Single(_session.Run($"(Get-RegistryTag {original.Authority}/b -Detailed).Platforms")).ToString());
    }

    private static Task ManifestAsync(HttpContext context)
    {
        const string Digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        context.Response.ContentType = "application/vnd.oci.image.manifest.v1+json";
        return context.Response.WriteAsync(
            $$"""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{Digest}}","size":2},"layers":[]}""", context.RequestAborted);
    }

    private async Task<string> PushAsync(string repository, string tag, string configType, string config)
    {
        var layer = await _registry.Http.PushBlobAsync(repository, TestBytes.Make(10), Token);
        var digest = await _registry.Http.PushBlobAsync(repository, Encoding.UTF8.GetBytes(config), Token);
        var manifest = Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"{{{configType}}}","digest":"{{{digest}}}","size":{{{config.Length}}}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{{layer}}}","size":10}]}""");
        return (await _registry.Http.PutManifestAsync(repository, tag, manifest, "application/vnd.oci.image.manifest.v1+json", Token)).Digest;
    }
}
