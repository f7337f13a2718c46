using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Serving;

/// <summary>A configuration that is read again while the registry runs.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly ReloadFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_only_mode_begins_and_ends()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        await TinyImages.PushAsync(registry.Http, "a", "v1", TestBytes.Make(10), Token);

        _folder.Write("", storage: "  maintenance: {readonly: {enabled: true}}");
        Assert.Equal(["storage.maintenance.readonly.enabled"], Keys(await AppliedAsync(registry)));
        (await registry.Http.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", null, Token)).MustBe(HttpStatusCode.MethodNotAllowed);
        (await registry.Http.GetManifestAsync("a", "v1", Token)).MustBe(HttpStatusCode.OK);

        _folder.Write("");
        Assert.Equal(["storage.maintenance.readonly.enabled"], Keys(await AppliedAsync(registry)));
        await registry.Http.BeginUploadAsync("a", Token);
    }

    [Fact]
    public async Task Deletion_is_allowed_and_forbidden()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        var image = await TinyImages.PushAsync(registry.Http, "a", "v1", TestBytes.Make(10), Token);
        (await registry.Http.DeleteManifestAsync("a", image.Manifest, Token)).MustBe(HttpStatusCode.MethodNotAllowed);
        _folder.Write("", storage: "  delete: {enabled: true}");
        await AppliedAsync(registry);
        (await registry.Http.DeleteManifestAsync("a", image.Manifest, Token)).MustBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Headers_and_limits_of_lists_and_the_form_of_locations_change()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        foreach (var tag in new[] { "v1", "v2", "v3" })
            await TinyImages.PushAsync(registry.Http, "a", tag, TestBytes.Make(10), Token);
        _folder.Write("tags: {maxtags: 2}", http: "  host: https://registry.example.com\n  headers: {X-Now: [there]}");
        await AppliedAsync(registry);
        var answer = (await registry.Http.GetAsync("/v2/a/tags/list?n=3", Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal("there", answer.Header("X-Now"));
        Assert.Equal(["v1", "v2"], answer.Json["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.StartsWith("https://registry.example.com/v2/", (await registry.Http.BeginUploadAsync("a", Token)).Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_manifest_must_satisfy_changes_and_the_content_stays()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        var missing = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:"
            + new string('0', 64) + "\",\"size\":2}]}";
        var index = System.Text.Encoding.UTF8.GetBytes(missing);
        (await registry.Http.PutManifestAsync("a", "v1", index, ImageMediaTypes.OciIndex, Token)).MustBe(HttpStatusCode.BadRequest);
        _folder.Write("validation: {manifests: {indexes: {platforms: none}}}");
        await AppliedAsync(registry);
        (await registry.Http.PutManifestAsync("a", "v1", index, ImageMediaTypes.OciIndex, Token)).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Logins_are_asked_for_and_who_was_let_in_is_not_checked_again_for_a_change_elsewhere()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        File.WriteAllText(_folder["users"], "");
        _folder.Write($"auth: {{htpasswd: {{realm: here, path: '{_folder["users"]}'}}}}");
        await AppliedAsync(registry);
        Assert.Contains("here", (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.Unauthorized).Header("WWW-Authenticate"), StringComparison.Ordinal);
        _folder.Write("");
        await AppliedAsync(registry);
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Users_that_are_not_there_are_no_reason_to_turn_everybody_away()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        _folder.Write($"auth: {{htpasswd: {{realm: here, path: '{_folder["nobody"]}'}}}}");
        var fault = Assert.Single((await RefusedAsync(registry)).Faults);
        Assert.Contains("auth.htpasswd.path", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["nobody"]));
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_log_level_changes_and_so_does_the_access_log()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write("log: {level: error, accesslog: {disabled: true}}"));
        await registry.Http.GetAsync("/v2/", Token);
        Assert.DoesNotContain(registry.LogLines, line => line.Contains("response completed", StringComparison.Ordinal));
        _folder.Write("log: {level: info, fields: {zone: north}}");
        await AppliedAsync(registry);
        await registry.Http.GetAsync("/v2/", Token);
        await registry.WaitForLogAsync(line => line.Contains("response completed", StringComparison.Ordinal) && line.Contains("zone=north", StringComparison.Ordinal), Token);
    }

    [Fact]
    public async Task Health_checks_begin_and_end()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        File.WriteAllText(_folder["down"], "");
        _folder.Write($"health: {{file: [{{file: '{_folder["down"]}', interval: 20ms}}]}}");
        await AppliedAsync(registry);
        await UntilAsync(registry, HttpStatusCode.ServiceUnavailable);

        // What failed goes on failing when something else changes.
        _folder.Write($"health: {{file: [{{file: '{_folder["down"]}', interval: 20ms}}]}}\nlog: {{level: warn}}");
        await AppliedAsync(registry);
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.ServiceUnavailable);

        _folder.Write("");
        await AppliedAsync(registry);
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_faulty_one_changes_nothing_and_names_every_fault_with_its_line()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        var before = registry.Server.ConfiguredAt;
        _folder.Write("log: {level: loud}\ntags: {maxtags: -1}", storage: "  maintenance: {readonly: {enabled: true}}");
        var reload = await RefusedAsync(registry);
        Assert.Equal(["log.level", "tags.maxtags"], reload.Faults.Select(fault => fault.KeyPath));
        Assert.All(reload.Faults, fault => Assert.Matches(@"config\.yml:\d+$", fault.Origin));
        Assert.Equal(before, registry.Server.ConfiguredAt);
        await registry.Http.BeginUploadAsync("a", Token);
        await registry.WaitForLogAsync(line => line.Contains("log.level", StringComparison.Ordinal) && line.Contains("level=error", StringComparison.Ordinal), Token);

        File.Delete(_folder["config.yml"]);
        await RefusedAsync(registry);
    }

    [Fact]
    public async Task What_needs_a_restart_is_named_every_time_and_the_rest_counts()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        var elsewhere = $"""
            version: 0.1
            http:
              addr: 127.0.0.1:1
              prefix: /sub/
              secret: swordfish
            storage:
              filesystem: {"{"}rootdirectory: '{_folder["elsewhere"]}'{"}"}
              delete: {"{"}enabled: true{"}"}
            """;
        File.WriteAllText(_folder["config.yml"], elsewhere);
        string[] restart = ["storage.filesystem.rootdirectory", "http.addr", "http.prefix", "http.secret"];
        var first = await AppliedAsync(registry);
        Assert.Equal(restart.Order(), first.Changes.Where(change => change.NeedsRestart).Select(change => change.KeyPath).Order());
        Assert.Equal(["storage.delete.enabled"], first.Changes.Where(change => !change.NeedsRestart).Select(change => change.KeyPath));
        Assert.EndsWith("config.yml:3", first.Changes.Single(change => change.KeyPath == "http.addr").Origin, StringComparison.Ordinal);
        Assert.Equal(restart.Order(), Keys(await AppliedAsync(registry)).Order());
        await registry.WaitForLogAsync(line => line.Contains("http.addr", StringComparison.Ordinal) && line.Contains("restart", StringComparison.Ordinal), Token);
        Assert.DoesNotContain(registry.LogLines, line => line.Contains("swordfish", StringComparison.Ordinal));
        await registry.Http.BeginUploadAsync("a", Token);
        Assert.False(Directory.Exists(_folder["elsewhere"]));
    }

    [Fact]
    public async Task Variables_count_over_the_file_as_at_the_start()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write("") with { Environment = new Dictionary<string, string> { ["REGISTRY_STORAGE_DELETE_ENABLED"] = "false" } });
        _folder.Write("", storage: "  delete: {enabled: true}");
        Assert.Empty((await AppliedAsync(registry)).Changes);
        var reload = await registry.Server.ReloadAsync(new Dictionary<string, string> { ["REGISTRY_STORAGE_DELETE_ENABLED"] = "true" }, Token);
        Assert.Equal("REGISTRY_STORAGE_DELETE_ENABLED", Assert.Single(reload.Changes).Origin);
    }

    [Fact]
    public async Task A_request_in_flight_ends_under_the_configuration_that_it_began_with()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        var begun = await registry.Http.BeginUploadAsync("a", Token);
        using var content = new PausedContent(TestBytes.Make(100_000), 50_000);
        var pushing = registry.Http.SendAsync(HttpMethod.Put, $"{begun.Location}&digest={ContentDescriptor.DigestOf(TestBytes.Make(100_000))}", content, Token);
        await content.Paused.WaitAsync(Token);
        await registry.Http.UntilReceivingAsync(begun.Location, Token);
        _folder.Write("", http: "  headers: {X-Now: [there]}", storage: "  maintenance: {readonly: {enabled: true}}");
        await AppliedAsync(registry);
        content.Resume();
        Assert.DoesNotContain("X-Now", (await pushing).MustBe(HttpStatusCode.Created).Headers.Keys);
    }

    [Fact]
    public async Task Reloads_under_load_fail_no_request()
    {
        await using var registry = await TestRegistry.StartAsync(_folder.Write(""));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = Enumerable.Range(0, 4).Select(async worker =>
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++)
                await TinyImages.PushAsync(registry.Http, $"load{worker}", "v1", TestBytes.Make(2000, worker * 10_000 + count), Token);
            return count;
        }).ToList();
        for (var i = 0; i < 40; i++)
        {
            _folder.Write($"tags: {{maxtags: {100 + i}}}", http: $"  headers: {{X-Round: ['{i}']}}");
            Assert.Equal(2, (await AppliedAsync(registry)).Changes.Count);
        }
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(load), count => Assert.NotEqual(0, count));
        Assert.Equal("39", (await registry.Http.GetAsync("/v2/", Token)).Header("X-Round"));
    }

    [Fact]
    public async Task A_registry_whose_settings_are_written_nowhere_says_so()
    {
        await using var registry = await TestRegistry.StartAsync();
        Assert.False((await registry.Server.ReloadAsync(cancellationToken: Token)).IsApplied);
    }

    private static async Task UntilAsync(TestRegistry registry, HttpStatusCode status)
    {
        while ((await registry.Http.GetAsync("/v2/", Token)).Status != status)
            await Task.Delay(20, Token);
    }

    private static async Task<ServerReload> AppliedAsync(TestRegistry registry)
    {
        var reload = await registry.Server.ReloadAsync(cancellationToken: Token);
        Assert.True(reload.IsApplied, string.Join('\n', reload.Faults));
        return reload;
    }

    private static async Task<ServerReload> RefusedAsync(TestRegistry registry)
    {
        var reload = await registry.Server.ReloadAsync(cancellationToken: Token);
        Assert.False(reload.IsApplied);
        Assert.Empty(reload.Changes);
        Assert.Contains(reload.Faults, fault => fault.Severity is FaultSeverity.Error);
        return reload;
    }

    private static IEnumerable<string> Keys(ServerReload reload) => reload.Changes.Select(change => change.KeyPath);
}
