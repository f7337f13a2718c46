using System.Net;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>Webhooks hear of everything that real clients do, as from the original, and of all that was acknowledged, whatever ends the program.</summary>
public sealed class NotificationTests : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _data.DisposeAsync();

    [Fact]
    public async Task The_original_tells_the_same_of_the_same_requests()
    {
        await using var toTheirs = await WebhookReceiver.StartAsync();
        await using var toOurs = await WebhookReceiver.StartAsync();
        const string Section = "events: {includereferences: true}";
        await using var theirs = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = _data["theirs"], ExtraYaml = toTheirs.Yaml(section: Section) }, Token);
        await using var ours = await PSRegistryProgram.StartAsync(new RegistrySettings { DataFolder = _data["ours"], ExtraYaml = toOurs.Yaml(section: Section) }, Token);
        await DoAsync(theirs.Http);
        await DoAsync(ours.Http);
        // The last request of all; every event before it has come then.
        await toTheirs.WaitUntilAsync(() => IsLast(toTheirs), Token);
        await toOurs.WaitUntilAsync(() => IsLast(toOurs), Token);
        Assert.Equal(Shapes(toTheirs, theirs), Shapes(toOurs, ours));
        Assert.InRange(toOurs.Events.Count, 15, 40);
    }

    [Fact]
    public async Task Skopeo_pushes_and_pulls_an_image_piece_by_piece()
    {
        await using var skopeo = new Skopeo();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var registry = await PSRegistryProgram.StartAsync(new RegistrySettings { DataFolder = _data["data"], ExtraYaml = receiver.Yaml() }, Token);
        await TinyImages.PushAsync(registry.Http, "from/here", "v1", TestBytes.Make(5000), Token);
        await receiver.WaitForAsync(3, Token);
        await skopeo.CopyAsync($"docker://{registry.Authority}/from/here:v1", $"oci:{_data["layout"]}:v1", Token, "--preserve-digests");
        await skopeo.CopyAsync($"oci:{_data["layout"]}:v1", $"docker://{registry.Authority}/to/there:v2", Token, "--preserve-digests");
        await receiver.WaitUntilAsync(() => receiver.Events.Any(one => (string?)one["target"]!["tag"] == "v2"), Token);
        var told = receiver.Events.Skip(3).Where(one => (string)one["request"]!["method"]! != "HEAD")
            .Select(one => $"{one["action"]} {one["target"]!["repository"]} {Kind(one)}").ToList();
        Assert.Equal(["pull from/here manifest", "pull from/here blob", "pull from/here blob"], told.Take(3));
        Assert.Equal("push to/there manifest", told[^1]);
        Assert.Equal(2, told.Count(one => one is "push to/there blob" or "mount to/there blob"));
        Assert.All(receiver.Events.Skip(3), one => Assert.Contains("skopeo", (string)one["request"]!["useragent"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_kill_every_acknowledged_push_is_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(503);
        var settings = new RegistrySettings { DataFolder = _data["data"], ExtraYaml = receiver.Yaml() };
        var acknowledged = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            await using var killed = await PSRegistryProgram.StartAsync(settings, Token);
            var pushers = Enumerable.Range(0, 4).Select(pusher => PushUntilKilledAsync(killed.Http, acknowledged, round * 4 + pusher)).ToList();
            var enough = acknowledged.Count + 30;
            await receiver.WaitUntilAsync(() => Count(acknowledged) >= enough, Token);
            await killed.EndAsync(ProgramSignal.Kill, Token);
            await Task.WhenAll(pushers);
        }
        receiver.Answer = _ => Task.FromResult(200);
        await using var last = await PSRegistryProgram.StartAsync(settings, Token);
        await receiver.WaitUntilAsync(() => acknowledged.ToHashSet().IsSubsetOf(receiver.Events.Select(one => (string)one["target"]!["digest"]!)), Token);
        // Each under one name, however often it was tried.
        Assert.All(receiver.Attempts.GroupBy(attempt => (string)attempt.Event["target"]!["digest"]!), attempts => Assert.Single(attempts.Select(attempt => attempt.Id).Distinct()));
    }

    [Fact]
    public async Task Events_are_sent_once_more_at_the_next_start_when_the_command_asked_while_nothing_ran()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var settings = new RegistrySettings { DataFolder = _data["data"], ExtraYaml = receiver.Yaml() };
        await using (var first = await PSRegistryProgram.StartAsync(settings, Token))
        {
            await TinyImages.PushAsync(first.Http, "a/b", "v1", [1], Token);
            await receiver.WaitForAsync(3, Token);
            await first.StopAsync(Token);
        }
        await File.WriteAllTextAsync(_data["config.yml"], settings.ToYaml(), Token);
        var asked = await ProgramRun.OfAsync(PSRegistryProgram.Command("replay-events", "--since", "1h", "--endpoint", "hook", _data["config.yml"]), Token);
        asked.MustExitWith(0);
        var unknown = await ProgramRun.OfAsync(PSRegistryProgram.Command("replay-events", "--since", "1h", "--endpoint", "hok", _data["config.yml"]), Token);
        unknown.MustExitWith(1);
        await using var second = await PSRegistryProgram.StartAsync(settings, Token);
        var told = await receiver.WaitForAsync(6, Token);
        Assert.Equal(told.Take(3).Select(one => one.ToJsonString()), told.Skip(3).Select(one => one.ToJsonString()));
    }

    private static async Task DoAsync(RegistryHttp http)
    {
        var image = await TinyImages.PushAsync(http, "a/b", "v1", TestBytes.Make(5000), Token);
        var (layer, config) = (image.Blobs[0], image.Blobs[1]);
        var manifest = (await http.GetManifestAsync("a/b", "v1", Token)).MustBe(HttpStatusCode.OK);
        await http.PutManifestAsync("a/b", image.Manifest, manifest.Body, ImageMediaTypes.OciManifest, Token);
        await http.PutManifestAsync("a/b", "v2", manifest.Body, ImageMediaTypes.OciManifest, Token);
        await http.GetManifestAsync("a/b", image.Manifest, Token);
        await http.SendAsync(HttpMethod.Head, "/v2/a/b/manifests/v1", null, ImageMediaTypes.AcceptAll, Token);
        await http.SendAsync(HttpMethod.Get, "/v2/a/b/manifests/v1", null, With("If-None-Match", $"\"{image.Manifest}\""), Token);
        await http.SendAsync(HttpMethod.Head, $"/v2/a/b/blobs/{layer}", null, Token);
        await http.GetBlobAsync("a/b", layer, Token);
        await http.SendAsync(HttpMethod.Get, $"/v2/a/b/blobs/{layer}", null, With("Range", "bytes=1-2"), Token);
        await http.SendAsync(HttpMethod.Get, $"/v2/a/b/blobs/{layer}", null, With("If-None-Match", $"\"{layer}\""), Token);
        await http.SendAsync(HttpMethod.Post, $"/v2/c/d/blobs/uploads/?mount={layer}&from=a/b", null, Token);
        await http.SendAsync(HttpMethod.Post, $"/v2/c/d/blobs/uploads/?mount={new string('0', 64)}&from=a/b", null, Token);
        await http.BeginUploadAsync("c/d", Token);
        await http.GetBlobAsync("a/b", "sha256:" + new string('0', 64), Token);
        await http.GetManifestAsync("a/b", "nothing", Token);
        await http.ListTagsAsync("a/b", Token);
        await http.ListRepositoriesAsync(Token);
        await http.PutManifestAsync("a/b", "bad", "{}"u8.ToArray(), ImageMediaTypes.OciManifest, Token);
        await http.DeleteManifestAsync("a/b", image.Manifest, Token);
        await http.DeleteManifestAsync("a/b", image.Manifest, Token);
        await http.SendAsync(HttpMethod.Delete, $"/v2/a/b/blobs/{config}", null, Token);
        await http.PushBlobAsync("z/z", "last"u8.ToArray(), Token);
    }

    private static Dictionary<string, string> With(string name, string value) => new(ImageMediaTypes.AcceptAll) { [name] = value };

    private static bool IsLast(WebhookReceiver receiver) => receiver.Events.Any(one => (string)one["target"]!["repository"]! == "z/z");

    /// <summary>Events without what differs between two runs; the tags of a deleted manifest in an order of their own.</summary>
    private static List<string> Shapes(WebhookReceiver receiver, RegistryProcess registry) =>
        [.. receiver.Events.Select(one => Shape(one, registry)).OrderBy(shape => shape.Tag, StringComparer.Ordinal).Select(shape => shape.Text)];

    private static (string Tag, string Text) Shape(JsonNode told, RegistryProcess registry)
    {
        var one = told.DeepClone();
        Assert.True(Guid.TryParse((string)one["id"]!, out _));
        Assert.True((DateTimeOffset)one["timestamp"]! > DateTimeOffset.UtcNow.AddHours(-1));
        Assert.StartsWith("127.0.0.1:", (string)one["request"]!["addr"]!, StringComparison.Ordinal);
        Assert.NotEmpty((string)one["request"]!["id"]!);
        Assert.EndsWith($":{registry.Settings.Port}", (string)one["source"]!["addr"]!, StringComparison.Ordinal);
        Assert.NotEmpty((string)one["source"]!["instanceID"]!);
        foreach (var (parent, name) in new[] { (one, "id"), (one, "timestamp"), (one, "source"), (one["request"]!, "addr"), (one["request"]!, "id") })
            parent[name] = "";
        var text = Sorted(one).ToJsonString().Replace(registry.Authority, "registry", StringComparison.Ordinal);
        var isTagOfDeleted = (string)one["action"]! == "delete" && one["target"]!["tag"] is not null;
        return (isTagOfDeleted ? (string)one["target"]!["tag"]! : "", text);
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value is null ? null : (JsonNode?)Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(item => Sorted(item!))]),
        _ => node.DeepClone(),
    };

    private static string Kind(JsonNode one) => (string?)one["target"]!["mediaType"] == "application/octet-stream" ? "blob" : "manifest";

    private static int Count(List<string> acknowledged)
    {
        lock (acknowledged)
            return acknowledged.Count;
    }

    private static async Task PushUntilKilledAsync(RegistryHttp http, List<string> acknowledged, int seed)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                var digest = await http.PushBlobAsync("a/b", TestBytes.Make(1000, seed * 100_000 + i), Token);
                lock (acknowledged)
                    acknowledged.Add(digest);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }
}
