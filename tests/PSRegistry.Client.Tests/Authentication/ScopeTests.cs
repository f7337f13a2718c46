using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Authentication;

/// <summary>Each operation asks for the rights it takes, and no more.</summary>
public sealed class ScopeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_pushing_deleting_and_mounting_have_scopes_of_their_own()
    {
        await using var tokens = await new TokenServer { IsPublic = _ => false }.StartAsync();
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            // As a registry that names no scope.
            if (tokens.Admits(context, ""))
                context.Response.StatusCode = context.Request.Method == "POST" ? 201 : 202;
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        var repository = client.GetRepository(Clients.Repository);
        var digest = Digest.OfContent("x"u8.ToArray());
        await repository.ExistsAsync(Token);
        await repository.Blobs.DeleteAsync(digest, Token);
        await repository.Blobs.MountAsync(digest, RepositoryName.Parse("base"), Token);
        Assert.Equal(
            [
                "scope=repository:library/app:pull",
                "scope=repository:library/app:delete",
                "scope=repository:library/app:pull,push&scope=repository:base:pull",
            ],
            tokens.Requests.Select(request => Scopes(request.Target)));
    }

    [Fact]
    public async Task A_mount_reads_the_other_repository_even_where_the_challenge_forgets_it()
    {
        await using var tokens = await new TokenServer { IsPublic = _ => false }.StartAsync();
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (tokens.Admits(context, "repository:library/app:pull,push"))
                context.Response.StatusCode = 201;
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.True(await client.GetRepository(Clients.Repository).Blobs.MountAsync(Digest.OfContent("x"u8.ToArray()), RepositoryName.Parse("base"), Token));
        Assert.Equal("scope=repository:library/app:pull,push&scope=repository:base:pull", Scopes(Assert.Single(tokens.Requests).Target));
    }

    private static string Scopes(string target) =>
        string.Join('&', Uri.UnescapeDataString(target).Split('?')[1].Split('&').Where(part => part.StartsWith("scope=", StringComparison.Ordinal)));
}
