using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

/// <summary>Faults that the original was known for, and has by now mended: this registry never had them.</summary>
public sealed class KnownFaultTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    /// <summary>CVE-2026-41888: there a tag could be deleted though deletion was off.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Nothing_is_deleted_while_deletion_is_off_or_all_is_frozen(bool deleteEnabled, bool readOnly)
    {
        string digest, blob;
        await using (var open = await TestRegistry.StartAsync(_folder))
        {
            var image = await TinyImages.PushAsync(open.Http, "a/b", "v1", TestBytes.Make(100), Token);
            (digest, blob) = (image.Manifest, image.Blobs[0]);
        }
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Storage = configuration.Storage with
            {
                Driver = Server.Configuration.StorageDriverKind.FileSystem,
                RootDirectory = _folder.Path,
                DeleteEnabled = deleteEnabled,
                ReadOnly = readOnly,
            },
        });
        foreach (var path in new[] { "/v2/a/b/manifests/v1", $"/v2/a/b/manifests/{digest}", "/v2/a/b/manifests/none", $"/v2/a/b/blobs/{blob}" })
        {
            var answer = (await registry.Http.SendAsync(HttpMethod.Delete, path, null, Token)).MustBe(HttpStatusCode.MethodNotAllowed);
            Assert.Equal("UNSUPPORTED", (string?)answer.Json["errors"]![0]!["code"]);
        }
        Assert.Equal(["v1"], await registry.Http.ListTagsAsync("a/b", Token));
        (await registry.Http.GetManifestAsync("a/b", "v1", Token)).MustBe(HttpStatusCode.OK);
        (await registry.Http.GetManifestAsync("a/b", digest, Token)).MustBe(HttpStatusCode.OK);
        (await registry.Http.GetBlobAsync("a/b", blob, Token)).MustBe(HttpStatusCode.OK);
    }

    /// <summary>
    /// CVE-2026-35172: there a blob that was deleted from one repository could be read in it again, as soon as another repository that still
    /// has it was asked for it.
    /// </summary>
    [Fact]
    public async Task A_blob_that_was_deleted_from_a_repository_does_not_come_back_by_another()
    {
        await using var registry = await TestRegistry.StartAsync(_folder);
        await using var replica = await TestRegistry.StartAsync(_folder);
        var content = TestBytes.Make(1000);
        var digest = await registry.Http.PushBlobAsync("team/secret", content, Token);
        await registry.Http.PushBlobAsync("other", content, Token);
        foreach (var http in new[] { registry.Http, replica.Http })
        {
            (await http.GetBlobAsync("team/secret", digest, Token)).MustBe(HttpStatusCode.OK);
            (await http.GetBlobAsync("other", digest, Token)).MustBe(HttpStatusCode.OK);
        }
        (await registry.Http.SendAsync(HttpMethod.Delete, $"/v2/team/secret/blobs/{digest}", null, Token)).MustBe(HttpStatusCode.Accepted);
        for (var i = 0; i < 3; i++)
        {
            foreach (var http in new[] { registry.Http, replica.Http })
            {
                (await http.SendAsync(HttpMethod.Head, $"/v2/other/blobs/{digest}", null, Token)).MustBe(HttpStatusCode.OK);
                (await http.GetBlobAsync("other", digest, Token)).MustBe(HttpStatusCode.OK);
                (await http.GetBlobAsync("team/secret", digest, Token)).MustBe(HttpStatusCode.NotFound);
                (await http.SendAsync(HttpMethod.Head, $"/v2/team/secret/blobs/{digest}", null, Token)).MustBe(HttpStatusCode.NotFound);
            }
        }
        // Nor by a mount out of where it is no more.
        (await registry.Http.SendAsync(HttpMethod.Post, $"/v2/third/blobs/uploads/?mount={digest}&from=team/secret", null, Token)).MustBe(HttpStatusCode.Accepted);
        (await registry.Http.GetBlobAsync("third", digest, Token)).MustBe(HttpStatusCode.NotFound);
    }

    /// <summary>The same for manifests, which are blobs of another kind.</summary>
    [Fact]
    public async Task Nor_does_a_manifest()
    {
        await using var registry = await TestRegistry.StartAsync(_folder);
        var digest = (await TinyImages.PushAsync(registry.Http, "team/secret", "v1", TestBytes.Make(100), Token)).Manifest;
        await TinyImages.PushAsync(registry.Http, "other", "v1", TestBytes.Make(100), Token);
        (await registry.Http.GetManifestAsync("team/secret", digest, Token)).MustBe(HttpStatusCode.OK);
        (await registry.Http.DeleteManifestAsync("team/secret", digest, Token)).MustBe(HttpStatusCode.Accepted);
        for (var i = 0; i < 3; i++)
        {
            (await registry.Http.GetManifestAsync("other", digest, Token)).MustBe(HttpStatusCode.OK);
            (await registry.Http.GetManifestAsync("team/secret", digest, Token)).MustBe(HttpStatusCode.NotFound);
            (await registry.Http.GetBlobAsync("team/secret", digest, Token)).MustBe(HttpStatusCode.NotFound);
        }
    }
}
