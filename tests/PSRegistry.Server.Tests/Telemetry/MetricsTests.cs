using System.Net;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>What Prometheus fetches, under the names of the original.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _debugPort = FreePort.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_are_counted_by_handler_method_and_code()
    {
        await using var registry = await StartAsync();
        await registry.Http.GetAsync("/v2/", Token);
        await registry.Http.GetAsync("/v2/", Token);
        await registry.Http.GetAsync("/v2/nothing/manifests/here", Token);
        var metrics = await FetchAsync(metrics => metrics.Value("registry_http_requests_total", "handler=manifest") is 1);
        Assert.Equal(2, metrics.Value("registry_http_requests_total", "handler=base", "method=get", "code=200"));
        Assert.Equal(1, metrics.Value("registry_http_requests_total", "handler=manifest", "method=get", "code=404"));
        Assert.Equal(2, metrics.Value("registry_http_request_duration_seconds_count", "handler=base", "method=get"));
        Assert.Equal(2, metrics.Value("registry_http_request_duration_seconds_bucket", "handler=base", "method=get", "le=+Inf"));
        Assert.True(metrics.Value("registry_http_request_duration_seconds_sum", "handler=base") > 0);
        Assert.Equal(0, metrics.Value("registry_http_in_flight_requests", "handler=base"));
        Assert.Equal(4, metrics.Value("registry_http_response_size_bytes_sum", "handler=base"));
        Assert.Equal("histogram", metrics.Types["registry_http_request_duration_seconds"]);
        Assert.Equal("counter", metrics.Types["registry_http_requests_total"]);
    }

    [Fact]
    public async Task A_push_and_a_pull_are_seen_in_bytes_storage_actions_and_caches()
    {
        await using var registry = await StartAsync();
        var layer = TestBytes.Make(100_000);
        var image = await TinyImages.PushAsync(registry.Http, "app", "1", layer, Token);
        (await registry.Http.GetBlobAsync("app", image.Blobs[0], Token)).MustBe(HttpStatusCode.OK);
        (await registry.Http.GetManifestAsync("app", "1", Token)).MustBe(HttpStatusCode.OK);
        var metrics = await FetchAsync(metrics => metrics.Value("registry_http_requests_total", "handler=manifest", "method=get") is 1);
        var traffic = registry.Server.Traffic;
        Assert.Equal(traffic.BytesReceived, metrics.Value("registry_traffic_received_bytes_total"));
        Assert.Equal(traffic.BytesSent, metrics.Value("registry_traffic_sent_bytes_total"));
        Assert.True(traffic.BytesReceived > layer.Length && traffic.BytesSent > 0);
        foreach (var action in new[] { "GetContent", "Stat", "Writer", "Reader", "Apply" })
            Assert.True(metrics.Value("registry_storage_action_seconds_count", "driver=filesystem", $"action={action}") > 0, action);
        Assert.Equal(metrics.Value("registry_storage_cache_requests_total", "cache=manifest"), metrics.Value("registry_storage_cache_hits_total", "cache=manifest"));
        Assert.Equal(0, metrics.Value("registry_storage_uploads_open", "state=receiving"));
    }

    [Fact]
    public async Task An_upload_that_waits_for_its_client_is_open()
    {
        await using var registry = await StartAsync();
        var begun = await registry.Http.BeginUploadAsync("app", Token);
        await FetchAsync(metrics => metrics.Value("registry_storage_uploads_open", "state=waiting") is 1);
        await registry.Http.SendAsync(HttpMethod.Delete, begun.Location, null, Token);
        await FetchAsync(metrics => metrics.Value("registry_storage_uploads_open", "state=waiting") is 0);
    }

    [Fact]
    public async Task Nothing_that_a_client_writes_becomes_the_name_of_a_series()
    {
        await using var registry = await StartAsync();
        await registry.Http.GetAsync("/v2/", Token);
        var before = (await FetchAsync(metrics => metrics.Value("registry_http_requests_total", "handler=base") is 1)).Samples.Count;
        for (var i = 0; i < 20; i++)
        {
            await registry.Http.SendAsync(new HttpMethod($"MADEUP{i}"), $"/v2/name{i}/manifests/tag{i}", null, Token);
            await registry.Http.GetAsync($"/elsewhere/{i}", Token);
        }
        var after = await FetchAsync(metrics => metrics.Value("registry_http_requests_total", "handler=other", "method=get", "code=404") is 20);
        Assert.Equal(20, after.Value("registry_http_requests_total", "method=unknown", "handler=manifest"));
        Assert.DoesNotContain(after.Samples, sample => sample.Labels.Any(label => label.Contains("name1", StringComparison.Ordinal) || label.Contains("MADEUP", StringComparison.Ordinal)));
        // A handful of series for two more handlers, and not one for each request.
        Assert.InRange(after.Samples.Count - before, 1, 200);
    }

    [Fact]
    public async Task The_runtime_the_process_and_the_build_are_told()
    {
        await using var registry = await StartAsync();
        var metrics = await FetchAsync();
        Assert.Equal(1, metrics.Value("registry_build_info", $"version={registry.Server.Version}"));
        Assert.True(metrics.Value("dotnet_process_memory_working_set_bytes") > 0);
        Assert.NotNull(metrics.Value("dotnet_gc_collections_total", "gc_heap_generation=gen0"));
        Assert.True(metrics.Value("process_start_time_seconds") > 1_700_000_000);
        Assert.True(metrics.Value("process_resident_memory_bytes") > 0);
        Assert.Equal(1, metrics.Value("registry_ready"));
    }

    [Fact]
    public async Task Two_registries_in_a_process_do_not_count_for_each_other()
    {
        await using var registry = await StartAsync();
        await using var other = await TestRegistry.StartAsync();
        await other.Http.GetAsync("/v2/_catalog", Token);
        await registry.Http.GetAsync("/v2/", Token);
        var metrics = await FetchAsync(metrics => metrics.Value("registry_http_requests_total", "handler=base") is 1);
        Assert.Null(metrics.Value("registry_http_requests_total", "handler=catalog"));
    }

    [Fact]
    public async Task The_metrics_are_at_the_configured_path_alone_and_never_at_the_address_of_clients()
    {
        await using var registry = await StartAsync("/numbers");
        using var debug = Debug();
        var answer = (await debug.GetAsync("/numbers", Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Header("Content-Type"));
        (await debug.GetAsync("/metrics", Token)).MustBe(HttpStatusCode.NotFound);
        (await registry.Http.GetAsync("/numbers", Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Refused_logins_are_counted_and_questions_for_one_are_not()
    {
        var file = _folder["htpasswd"];
        await File.WriteAllTextAsync(file, "ann:$2y$04$abcdefghijklmnopqrstuuGSY8tgZLJOXf6CwBSVzCbgPwZ6jYXTe\n", Token);
        await using var registry = await StartAsync(auth: new AuthConfiguration { Htpasswd = new HtpasswdConfiguration("r", file) });
        await registry.Http.GetAsync("/v2/", Token);
        using var wrong = new RegistryHttp(registry.Http.Address) { Login = "ann:wrong" };
        (await wrong.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.Unauthorized);
        var metrics = await FetchAsync(metrics => metrics.Value("registry_http_requests_total", "code=401") is 2);
        Assert.Equal(1, metrics.Value("registry_auth_failures_total", "reason=unauthorized"));
    }

    private Task<TestRegistry> StartAsync(string path = "/metrics", AuthConfiguration? auth = null) => TestRegistry.StartAsync(configuration => configuration with
    {
        Http = configuration.Http with { DebugAddr = new ListenAddress("127.0.0.1", _debugPort), MetricsPath = path },
        Auth = auth ?? configuration.Auth,
        Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = _folder["data"] },
    });

    private RegistryHttp Debug() => new(new Uri($"http://127.0.0.1:{_debugPort}/"));

    /// <summary>A request is counted when it is over, and its client may know that a moment before the server.</summary>
    private async Task<Exposition> FetchAsync(Func<Exposition, bool>? until = null)
    {
        using var debug = Debug();
        for (var attempt = 0; ; attempt++)
        {
            var metrics = Exposition.Parse((await debug.GetAsync("/metrics", Token)).MustBe(HttpStatusCode.OK).Text);
            if (until is null || until(metrics))
                return metrics;
            Assert.True(attempt < 500, "it was never measured");
            await Task.Delay(10, Token);
        }
    }
}
