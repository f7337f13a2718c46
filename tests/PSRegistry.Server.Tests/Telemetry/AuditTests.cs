using System.Net;
using System.Text.Json.Nodes;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>Who pushed, mounted, deleted, logged in and was refused.</summary>
public sealed class AuditTests : IAsyncDisposable
{

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task Every_change_is_a_line_with_user_address_and_what_it_was()
    {
        var file = _folder["audit.jsonl"];
        string manifest, blob;
        await using (var registry = await StartAsync(file))
        {
            using var ann = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
            await ann.GetAsync("/v2/", Token);
            var image = await TinyImages.PushAsync(ann, "app", "1.0", TestBytes.Make(10), Token);
            (manifest, blob) = (image.Manifest, image.Blobs[0]);
            (await ann.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={blob}&from=app", null, Token)).MustBe(HttpStatusCode.Created);
            (await ann.GetManifestAsync("app", "1.0", Token)).MustBe(HttpStatusCode.OK);
            (await ann.DeleteManifestAsync("app", "1.0", Token)).MustBe(HttpStatusCode.Accepted);
            (await ann.DeleteManifestAsync("app", manifest, Token)).MustBe(HttpStatusCode.Accepted);
            (await ann.SendAsync(HttpMethod.Delete, $"/v2/app/blobs/{blob}", null, Token)).MustBe(HttpStatusCode.Accepted);
        }
        var lines = await ReadAsync(file);
        Assert.Equal(["login registry", "push blob", "push blob", "push manifest", "mount blob", "delete tag", "delete manifest", "delete blob"], lines.Select(What));
        Assert.All(lines, line => Assert.Equal(("ann", "127.0.0.1"), ((string?)line["auth.user.name"], ((string?)line["http.request.remoteaddr"])!.Split(':')[0])));
        Assert.All(lines, line => Assert.NotEqual("", (string?)line["http.request.id"] ?? ""));
        Assert.Equal(("app", "1.0", manifest), Of(lines[3]));
        Assert.Equal(("other", null, blob), Of(lines[4]));
        Assert.Equal("app", (string?)lines[4]["audit.from"]);
        Assert.Equal(("app", "1.0", null), Of(lines[5]));
        Assert.Equal(("app", null, manifest), Of(lines[6]));
        Assert.DoesNotContain(lines, line => line.ToJsonString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_refused_is_told_and_the_question_for_a_login_is_not()
    {
        await using var registry = await StartAsync(null);
        await registry.Http.GetAsync("/v2/", Token);
        foreach (var login in new[] { "ann:wrong", "hunter2:ann" })
        {
            using var http = new RegistryHttp(registry.Http.Address) { Login = login };
            (await http.DeleteManifestAsync("app", "1.0", Token)).MustBe(HttpStatusCode.Unauthorized);
        }
        await registry.DisposeAsync();
        var lines = registry.LogLines.Where(line => line.Contains("audit.action", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Contains("audit.action=refuse audit.target=tag ", line, StringComparison.Ordinal));
        // Each is written when its answer is out: the second may be the first.
        Assert.Single(lines, line => line.Contains("auth.user.name=ann audit.repository=app audit.tag=1.0", StringComparison.Ordinal));
        // Somebody may have typed their password as their name.
        Assert.DoesNotContain(registry.LogLines, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_switched_off_is_not_written_and_a_level_does_not_switch_it_off()
    {
        await using var off = await TestRegistry.StartAsync(configuration => configuration with { Log = configuration.Log with { AuditDisabled = true } });
        await TinyImages.PushAsync(off.Http, "app", "1", TestBytes.Make(10), Token);
        await off.DisposeAsync();
        Assert.DoesNotContain(off.LogLines, line => line.Contains("audit", StringComparison.Ordinal));

        await using var quiet = await TestRegistry.StartAsync(configuration => configuration with { Log = configuration.Log with { Level = Microsoft.Extensions.Logging.LogLevel.Error } });
        await TinyImages.PushAsync(quiet.Http, "app", "1", TestBytes.Make(10), Token);
        await quiet.DisposeAsync();
        Assert.Contains(quiet.LogLines, line => line.Contains("msg=\"audit: push manifest\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_renamed_is_made_anew_for_its_owner_alone_and_one_that_is_there_grows()
    {
        var file = _folder["audit.jsonl"];
        await File.WriteAllTextAsync(file, "{}\n", Token);
        await using (var registry = await StartAsync(file))
        {
            using var ann = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
            await ann.GetAsync("/v2/", Token);
            await UntilAsync(() => File.ReadAllLines(file).Length == 2);
            File.Move(file, file + ".1");
            await ann.GetAsync("/v2/", Token);
            await UntilAsync(() => File.Exists(file) && File.ReadAllLines(file).Length == 1);
        }
        Assert.Equal(2, (await File.ReadAllLinesAsync(file + ".1", Token)).Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task While_the_file_cannot_be_written_the_lines_go_to_the_log()
    {
        var folder = Directory.CreateDirectory(_folder["audit"]);
        await using var registry = await StartAsync(Path.Combine(folder.FullName, "audit.jsonl"));
        using var ann = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
        folder.Delete(recursive: true);
        await ann.GetAsync("/v2/", Token);
        await ann.GetAsync("/v2/", Token);
        await UntilAsync(() => registry.LogLines.Count(line => line.Contains("audit: login registry", StringComparison.Ordinal)) == 2);
        Assert.Single(registry.LogLines, line => line.Contains("audit.jsonl", StringComparison.Ordinal) && line.Contains("level=error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_servers_write_to_one_file_also_behind_the_torn_end_of_a_crash()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "one server may write to it there");
        var file = _folder["audit.jsonl"];
        await File.WriteAllTextAsync(file, "{\"audit.action\":\"pu", Token);
        await using (var one = await StartAsync(file))
        await using (var other = await StartAsync(file))
        {
            await Task.WhenAll(new[] { one, other }.Select(async registry =>
            {
                using var ann = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
                for (var i = 0; i < 20; i++)
                    await ann.GetAsync("/v2/", Token);
            }));
        }
        // The other one may have found the end torn as well: then there is an empty line between.
        var lines = (await File.ReadAllLinesAsync(file, Token)).Skip(1).Where(line => line.Length > 0).ToList();
        Assert.Equal(40, lines.Count);
        Assert.All(lines, line => Assert.Equal("login registry", What(JsonNode.Parse(line)!)));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_stops_the_start()
    {
        var fault = await Assert.ThrowsAsync<RegistryStartException>(() => StartAsync(_folder["missing/audit.jsonl"]));
        Assert.Contains("log.audit.path", fault.Message, StringComparison.Ordinal);
    }

    private static string What(JsonNode line) => $"{line["audit.action"]} {line["audit.target"]}";

    private static (string?, string?, string?) Of(JsonNode line) => ((string?)line["audit.repository"], (string?)line["audit.tag"], (string?)line["audit.digest"]);

    private static async Task<List<JsonNode>> ReadAsync(string file) => [.. (await File.ReadAllLinesAsync(file, Token)).Select(line => JsonNode.Parse(line)!)];

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var attempt = 0; !holds(); attempt++)
        {
            Assert.True(attempt < 500, "it never came about");
            await Task.Delay(20, Token);
        }
    }

    private async Task<TestRegistry> StartAsync(string? audit)
    {
        Assert.True(PSRegistry.Server.Auth.HtpasswdLine.TryMake("ann", "secret", 4, out var line, out _));
        await File.WriteAllTextAsync(_folder["htpasswd"], line + "\n", Token);
        return await TestRegistry.StartAsync(configuration => configuration with
        {
            Auth = new AuthConfiguration { Htpasswd = new HtpasswdConfiguration("r", _folder["htpasswd"]) },
            Log = configuration.Log with { AuditPath = audit },
        });
    }
}
