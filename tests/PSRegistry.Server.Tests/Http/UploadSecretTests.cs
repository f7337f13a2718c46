using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

/// <summary>When the secret of uploads is made, and what becomes of it.</summary>
public sealed class UploadSecretTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Secret => _folder["psregistry", "http-secret"];

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task It_is_made_by_the_first_upload_and_not_by_who_only_looks()
    {
        var registry = await TestRegistry.StartAsync(_folder);
        await using (registry)
        {
            (await registry.Http.GetAsync("/v2/_catalog", Token)).MustBe(HttpStatusCode.OK);
            Assert.False(File.Exists(Secret));
            await registry.Http.BeginUploadAsync("a", Token);
            Assert.True(File.Exists(Secret));
        }
        // The log is whole now.
        Assert.DoesNotContain(registry.LogLines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fault_that_passes_costs_one_request_and_not_the_agreement()
    {
        await using var first = await TestRegistry.StartAsync(_folder);
        await using var second = await TestRegistry.StartAsync(_folder);
        var folder = Path.GetDirectoryName(Secret)!;
        Directory.Delete(folder);
        await File.WriteAllTextAsync(folder, "in the way", Token);
        (await first.Http.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", null, Token)).MustBe(HttpStatusCode.InternalServerError);
        File.Delete(folder);
        var begun = await first.Http.BeginUploadAsync("a", Token);
        (await second.Http.PatchUploadAsync(begun.Location, TestBytes.Make(100), Token)).MustBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Servers_that_began_without_one_agree_on_it()
    {
        await using var first = await TestRegistry.StartAsync(_folder);
        await using var second = await TestRegistry.StartAsync(_folder);
        var blob = TestBytes.Make(100_000);
        for (var i = 0; i < 2; i++)
        {
            var (one, other) = i == 0 ? (first, second) : (second, first);
            var begun = await one.Http.BeginUploadAsync("a", Token);
            var patched = (await other.Http.PatchUploadAsync(begun.Location, blob, Token)).MustBe(HttpStatusCode.Accepted);
            Assert.Equal(blob.Length, (await one.Http.GetAsync(patched.Location, Token)).MustBe(HttpStatusCode.NoContent).UploadedLength);
        }
    }

    [Fact]
    public async Task One_that_is_cut_is_told_at_the_start_and_uploads_go_on_without_it()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Secret)!);
        await File.WriteAllTextAsync(Secret, "cut", Token);
        await using var registry = await TestRegistry.StartAsync(_folder);
        await registry.WaitForLogAsync(line => line.Contains("is empty or cut", StringComparison.Ordinal), Token);
        await registry.Http.PushBlobAsync("a", TestBytes.Make(100), Token);
    }

    [Fact]
    public async Task One_that_cannot_be_kept_is_told_at_the_start_and_uploads_go_on_without_it()
    {
        await File.WriteAllTextAsync(_folder["psregistry"], "in the way", Token);
        await using var registry = await TestRegistry.StartAsync(_folder);
        await registry.WaitForLogAsync(line => line.Contains("set http.secret", StringComparison.Ordinal), Token);
        await registry.Http.PushBlobAsync("a", TestBytes.Make(100), Token);
    }
}
