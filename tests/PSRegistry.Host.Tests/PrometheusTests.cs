using System.Globalization;
using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>A real Prometheus fetches our metrics, and finds in them what it found in the original's.</summary>
public sealed class PrometheusTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _debugPort = FreePort.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task Prometheus_fetches_our_metrics_and_answers_from_them()
    {
        await using var registry = await PSRegistryProgram.StartAsync(Settings(_folder["ours"]), Token);
        await using var prometheus = await Prometheus.StartAsync(Address(_debugPort), Token);
        await prometheus.WaitForAsync("up{job=\"registry\"}", 1, Token);
        for (var i = 0; i < 3; i++)
            await registry.Http.GetAsync("/v2/_catalog", Token);
        await prometheus.WaitForAsync("registry_http_requests_total{handler=\"catalog\",method=\"get\",code=\"200\"}", 3, Token);
        await prometheus.WaitForAsync("histogram_quantile(0.9, registry_http_request_duration_seconds_bucket{handler=\"catalog\"}) > bool 0", 1, Token);
        await prometheus.WaitForAsync("registry_build_info", 1, Token);
        Assert.Equal(0, await registry.StopAsync(Token));
        await prometheus.WaitForAsync("up{job=\"registry\"}", 0, Token);
    }

    [Fact]
    public async Task Promtool_complains_of_nothing_but_three_names_of_dotnet()
    {
        var promtool = Peer.Require("promtool");
        await using var registry = await PSRegistryProgram.StartAsync(Settings(_folder["ours"]), Token);
        await TinyImages.PushAsync(registry.Http, "app", "1", TestBytes.Make(10), Token);
        await File.WriteAllTextAsync(_folder["metrics"], await FetchAsync(_debugPort), Token);
        var run = await ProgramRun.OfAsync(new ProgramCommand("/bin/sh", ["-c", $"'{promtool}' check metrics < '{_folder["metrics"]}'"]), Token);
        var complaints = (run.Output + run.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]);
        Assert.Equal(["dotnet_assembly_count", "dotnet_process_cpu_count", "dotnet_timer_count"], complaints.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_dashboards_read_of_the_original_is_in_ours_under_the_same_names_types_and_labels()
    {
        var port = FreePort.Next();
        await using var original = await OriginalRegistry.StartAsync(Settings(_folder["original"], port), Token);
        await using var registry = await PSRegistryProgram.StartAsync(Settings(_folder["ours"]), Token);
        await UseAsync(original.Http);
        await UseAsync(registry.Http);
        var theirs = Exposition.Parse(await FetchAsync(port));
        var ours = Exposition.Parse(await FetchAsync(_debugPort));

        // Only what a registry has of its own: the rest is Go's.
        var families = theirs.Types.Where(type => type.Key.StartsWith("registry_", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(families);
        Assert.All(families, family => Assert.Equal((family.Key, family.Value), (family.Key, ours.Types.GetValueOrDefault(family.Key))));
        foreach (var sample in theirs.Samples.Where(sample => sample.Name.StartsWith("registry_http", StringComparison.Ordinal)))
        {
            // What nobody asked for is told only by the original, with zero.
            if (sample.Value != 0)
                Assert.True(ours.Samples.Any(other => other.Name == sample.Name && other.Labels.SetEquals(sample.Labels)), $"{sample.Name} {string.Join(' ', sample.Labels)}");
        }
        foreach (var name in new[] { "process_start_time_seconds", "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds" })
            Assert.Equal(theirs.Types[name], ours.Types[name]);
    }

    private static async Task UseAsync(RegistryHttp http)
    {
        await TinyImages.PushAsync(http, "app", "1", TestBytes.Make(10), Token);
        (await http.GetManifestAsync("app", "1", Token)).MustBe(HttpStatusCode.OK);
        (await http.GetAsync("/v2/app/tags/list", Token)).MustBe(HttpStatusCode.OK);
        (await http.GetAsync("/v2/_catalog", Token)).MustBe(HttpStatusCode.OK);
        (await http.GetManifestAsync("app", "missing", Token)).MustBe(HttpStatusCode.NotFound);
    }

    private static async Task<string> FetchAsync(int port)
    {
        using var http = new RegistryHttp(new Uri($"http://{Address(port)}/"));
        return (await http.GetAsync("/metrics", Token)).MustBe(HttpStatusCode.OK).Text;
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private RegistrySettings Settings(string folder, int? debugPort = null) => new()
    {
        DataFolder = folder,
        Environment = new Dictionary<string, string?>
        {
            ["REGISTRY_HTTP_DEBUG_ADDR"] = Address(debugPort ?? _debugPort),
            ["REGISTRY_HTTP_DEBUG_PROMETHEUS_ENABLED"] = "true",
            ["REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR"] = "inmemory",
        },
    };
}
