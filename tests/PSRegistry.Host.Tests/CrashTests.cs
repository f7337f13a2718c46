using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>What was acknowledged stays, also when the process ends without a chance to tidy up.</summary>
public sealed class CrashTests(RealImages images) : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _data.DisposeAsync();

    [Fact]
    public async Task After_a_kill_in_the_middle_of_pushes_all_that_was_acknowledged_is_readable_and_no_tag_is_broken()
    {
        var settings = new RegistrySettings { DataFolder = _data.Path };
        var acknowledged = new ConcurrentQueue<TinyImage>();
        for (var round = 0; round < 3; round++)
        {
            await using var registry = await PSRegistryProgram.StartAsync(settings, Token);
            await MustBeReadableAsync(registry.Http, acknowledged);
            await MustHaveNoBrokenTagAsync(registry.Http);
            await PushUntilKilledAsync(registry, acknowledged, round);
        }

        await using var last = await PSRegistryProgram.StartAsync(settings, Token);
        await MustBeReadableAsync(last.Http, acknowledged);
        await MustHaveNoBrokenTagAsync(last.Http);
    }

    [Fact]
    public async Task A_push_cut_off_by_a_kill_is_repeated_and_comes_back_byte_for_byte()
    {
        await using var skopeo = new Skopeo();
        var big = await images.BigAsync();
        var settings = new RegistrySettings { DataFolder = _data.Path };
        await using (var first = await PSRegistryProgram.StartAsync(settings, Token))
        {
            var push = skopeo.Command("copy", "--dest-tls-verify=false", big.Reference, $"docker://{first.Authority}/cut/off:v1");
            var pushing = ProgramRun.OfAsync(push, Token);
            await first.Program.WaitUntilAsync("an upload of some megabytes", _ => Task.FromResult(UploadedBytes() > 16 << 20), Token);
            await first.EndAsync(ProgramSignal.Kill, Token);
            Assert.NotEqual(0, (await pushing).ExitCode);
        }

        await using var second = await PSRegistryProgram.StartAsync(settings, Token);
        (await second.Http.GetManifestAsync("cut/off", "v1", Token)).MustBe(HttpStatusCode.NotFound);
        var name = $"docker://{second.Authority}/cut/off:v1";
        await skopeo.CopyAsync(big.Reference, name, Token, "--preserve-digests");
        await using var pulled = new TemporaryFolder();
        await skopeo.CopyAsync(name, $"oci:{pulled}:v1", Token, "--preserve-digests");
        Assert.Equal(big.Layout.HashBlobs(), ImageLayout.Open(pulled.Path).HashBlobs());
    }

    private static async Task PushUntilKilledAsync(RegistryProcess registry, ConcurrentQueue<TinyImage> acknowledged, int round)
    {
        var enough = acknowledged.Count + 30;
        var killed = false;
        var pushers = Enumerable.Range(0, 4).Select(async pusher =>
        {
            for (var i = 0; ; i++)
            {
                try
                {
                    var content = TestBytes.Make(64 << 10, ((round * 4) + pusher) * 100_000 + i);
                    // Half of the pushes move one tag, over which the pushers race.
                    var tag = i % 2 == 0 ? "moving" : string.Create(CultureInfo.InvariantCulture, $"r{round}-{pusher}-{i}");
                    acknowledged.Enqueue(await TinyImages.PushAsync(registry.Http, "crashed", tag, content, Token));
                }
                catch (HttpRequestException) when (Volatile.Read(ref killed))
                {
                    return;
                }
            }
        }).ToList();
        await registry.Program.WaitUntilAsync("enough pushes", _ => Task.FromResult(Enough()), Token);
        Volatile.Write(ref killed, true);
        await registry.EndAsync(ProgramSignal.Kill, Token);
        await Task.WhenAll(pushers);

        bool Enough() => acknowledged.Count >= enough || pushers.Any(pusher => pusher.IsFaulted);
    }

    private static async Task MustBeReadableAsync(RegistryHttp http, IEnumerable<TinyImage> acknowledged)
    {
        foreach (var image in acknowledged)
        {
            var manifest = (await http.GetManifestAsync("crashed", image.Manifest, Token)).MustBe(HttpStatusCode.OK);
            Assert.Equal(image.Manifest, ContentDescriptor.DigestOf(manifest.Body));
            foreach (var blob in image.Blobs)
            {
                await MustHoldAsync(http, blob);
            }
        }
    }

    private static async Task MustHaveNoBrokenTagAsync(RegistryHttp http)
    {
        var listed = await http.GetAsync("/v2/crashed/tags/list", Token);
        if (listed.Status == HttpStatusCode.NotFound)
        {
            return;
        }

        foreach (var tag in await http.ListTagsAsync("crashed", Token))
        {
            var manifest = (await http.GetManifestAsync("crashed", tag, Token)).MustBe(HttpStatusCode.OK);
            Assert.Equal(manifest.Digest, ContentDescriptor.DigestOf(manifest.Body));
            await MustHoldAsync(http, (string)manifest.Json["config"]!["digest"]!);
            foreach (var layer in manifest.Json["layers"]!.AsArray().OfType<JsonNode>())
            {
                await MustHoldAsync(http, (string)layer["digest"]!);
            }
        }
    }

    private static async Task MustHoldAsync(RegistryHttp http, string digest)
    {
        var blob = (await http.GetBlobAsync("crashed", digest, Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal(digest, ContentDescriptor.DigestOf(blob.Body));
    }

    private long UploadedBytes()
    {
        try
        {
            return new DirectoryInfo(_data.Path).EnumerateFiles("data", SearchOption.AllDirectories)
                .Where(file => file.FullName.Contains("_uploads", StringComparison.Ordinal)).Sum(file => file.Length);
        }
        catch (IOException)
        {
            // Moved into place while it was looked at.
            return 0;
        }
    }
}
