using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Remote;

public sealed class RemoteManifestTests
{
    private static readonly string Text = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[]}""";

    private static readonly Digest TextDigest = Digest.OfContent(System.Text.Encoding.UTF8.GetBytes(Text));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_registry_whose_HEAD_tells_no_digest_is_asked_by_GET(bool refusesHead)
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (HttpMethods.IsHead(context.Request.Method) && refusesHead)
                context.Response.StatusCode = 405;
            context.Response.ContentType = MediaTypes.OciIndex;
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(Text);
        });
        using var client = Clients.Of(server.Address);
        Assert.Equal(TextDigest, await client.GetRepository(Clients.Repository).Tags.ResolveAsync(Tag.Parse("v1"), Token));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Every_type_of_manifest_is_accepted()
    {
        string? accept = null;
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            accept = context.Request.Headers.Accept;
            return ScriptedServer.AnswerAsync(context, Text);
        });
        using var client = Clients.Of(server.Address);
        await client.GetRepository(Clients.Repository).GetManifestAsync(Tag.Parse("v1"), Token);
        Assert.All(
            [MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerManifest, MediaTypes.DockerManifestList],
            type => Assert.Contains(type, accept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_manifest_that_is_not_what_its_digest_says_is_not_believed()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, Text + " "));
        using var client = Clients.Of(server.Address);
        var repository = client.GetRepository(Clients.Repository);
        var fault = await Clients.FailsAsync(RegistryFailure.DigestMismatch, async () => await repository.Manifests.GetAsync(TextDigest, Token));
        Assert.Contains(TextDigest.ToString(), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_longer_than_4_MiB_is_refused()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, Text + new string(' ', Manifest.MaxSize)));
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(
            RegistryFailure.ProtocolFault, async () => await client.GetRepository(Clients.Repository).GetManifestAsync(Tag.Parse("v1"), Token));
    }

    [Fact]
    public async Task A_web_server_that_has_no_such_page_is_no_registry_without_such_a_tag()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            context.Response.ContentType = "text/html";
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(
            RegistryFailure.NotARegistry, async () => await client.GetRepository(Clients.Repository).Tags.ResolveAsync(Tag.Parse("v1"), Token));
    }

    [Fact]
    public async Task An_upload_does_not_go_on_at_another_host()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 202;
            context.Response.Headers.Location = "https://elsewhere.example/v2/library/app/blobs/uploads/1";
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(
            RegistryFailure.ProtocolFault,
            async () => await client.GetRepository(Clients.Repository).Uploads.StartAsync(DigestAlgorithm.Sha256, Token));
        Assert.Contains("elsewhere.example", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delete_whose_answer_is_lost_is_not_sent_again()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address);
        var repository = client.GetRepository(Clients.Repository);
        await Clients.FailsAsync(RegistryFailure.ConnectionLost, async () => await repository.Manifests.DeleteAsync(TextDigest, Token));
        Assert.Single(server.Requests);
    }
}
