using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Issuing;

/// <summary>How long tokens last: no longer than their user and their password, over restarts, and on every server of a folder.</summary>
public sealed class RefreshTokenTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task A_new_password_ends_it()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        var (ann, bob) = (await RefreshOfAsync(registry, "ann:wolf"), await RefreshOfAsync(registry, "bob:bear"));
        await File.WriteAllTextAsync(registry.UsersFile, AccessRegistry.Line("ann", "changed"), Token);
        await AccessRegistry.UntilAsync(async () => (await UseAsync(registry, ann)).Status == HttpStatusCode.Unauthorized);
        (await UseAsync(registry, bob)).MustBe(HttpStatusCode.Unauthorized);
        (await UseAsync(registry, await RefreshOfAsync(registry, "ann:changed"))).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_access_token_ends_with_its_user()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        var token = await registry.GetTokenAsync("bob:bear", "repository:a:pull");
        (await registry.GetAsync("/v2/", token)).MustBe(HttpStatusCode.OK);
        await File.WriteAllTextAsync(registry.UsersFile, AccessRegistry.Line("ann", "wolf"), Token);
        await AccessRegistry.UntilAsync(async () => (await registry.GetAsync("/v2/", token)).Status == HttpStatusCode.Unauthorized);
        Assert.Contains("invalid_token", (await registry.GetAsync("/v2/", token)).Header("WWW-Authenticate"), StringComparison.Ordinal);
        File.Delete(registry.UsersFile);
        await AccessRegistry.UntilAsync(async () => (await registry.GetAsync("/v2/", token)).Status == HttpStatusCode.ServiceUnavailable);
        (await UseAsync(registry, "psr.1.a.b")).MustBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Both_last_over_a_restart_and_count_at_another_server_of_the_folder()
    {
        string access, refresh;
        var users = _folder["users"];
        await File.WriteAllTextAsync(users, AccessRegistry.Line("ann", "wolf"), Token);
        var auth = AccessRegistry.WithIssuer.Replace("USERS", users, StringComparison.Ordinal);
        await using (var first = await AccessRegistry.StartAsync(auth, data: _folder["data"]))
        {
            await using var second = await AccessRegistry.StartAsync(auth, data: _folder["data"]);
            (access, refresh) = (await first.GetTokenAsync("ann:wolf", "repository:a:pull"), await RefreshOfAsync(first, "ann:wolf"));
            (await second.GetAsync("/v2/", access)).MustBe(HttpStatusCode.OK);
            (await UseAsync(second, refresh)).MustBe(HttpStatusCode.OK);
        }
        await using var third = await AccessRegistry.StartAsync(auth, data: _folder["data"]);
        (await third.GetAsync("/v2/", access)).MustBe(HttpStatusCode.OK);
        (await UseAsync(third, refresh)).MustBe(HttpStatusCode.OK);

        var file = Assert.Single(Directory.GetFiles(_folder["data", "psregistry", "token-keys"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        }
    }

    [Fact]
    public async Task Tokens_of_another_registry_are_none_here()
    {
        await using var here = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        await using var there = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        File.Copy(there.UsersFile, here.UsersFile, overwrite: true);
        await AccessRegistry.UntilAsync(async () => (await here.GetAsync("/v2/", "ann:wolf")).Status == HttpStatusCode.OK);
        var access = await there.GetTokenAsync("ann:wolf", "repository:a:pull");
        Assert.Contains("invalid_token", (await here.GetAsync("/v2/", access)).MustBe(HttpStatusCode.Unauthorized).Header("WWW-Authenticate"), StringComparison.Ordinal);
        (await UseAsync(here, await RefreshOfAsync(there, "ann:wolf"))).MustBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_token_is_no_access_token_nor_the_other_way_round()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        (await registry.GetAsync("/v2/", await RefreshOfAsync(registry, "ann:wolf"))).MustBe(HttpStatusCode.Unauthorized);
        (await UseAsync(registry, await registry.GetTokenAsync("ann:wolf", "repository:a:pull"))).MustBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_was_changed_on_the_way_is_refused()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        var (refresh, access) = (await RefreshOfAsync(registry, "ann:wolf"), await registry.GetTokenAsync("ann:wolf", "repository:a:pull"));
        var other = await RefreshOfAsync(registry, "bob:bear");
        var (mine, others) = (refresh.Split('.'), other.Split('.'));
        foreach (var bad in new[] { "", "psr", "psr.1", "psr.1..", "psr.x.y.z", $"psr.9.{mine[2]}.{mine[3]}", $"psr.1.{others[2]}.{mine[3]}", $"psr.1.{mine[2]}.", refresh + ".a", new string('a', 60_000) })
            (await UseAsync(registry, bad)).MustBe(HttpStatusCode.Unauthorized);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            // Not the last letter of a part, whose last bits may say nothing.
            (await UseAsync(registry, Mutate(refresh, random))).MustBe(HttpStatusCode.Unauthorized);
            (await registry.GetAsync("/v2/", Mutate(access, random))).MustBe(HttpStatusCode.Unauthorized);
        }
        (await UseAsync(registry, refresh)).MustBe(HttpStatusCode.OK);
    }

    private static string Mutate(string token, Random random)
    {
        while (true)
        {
            var letters = token.ToCharArray();
            var place = random.Next(letters.Length - 1);
            letters[place] = "ABCxyz09-_."[random.Next(11)];
            if (letters[place] != token[place] && token[place + 1] != '.')
                return new string(letters);
        }
    }

    private static async Task<string> RefreshOfAsync(AccessRegistry registry, string login) =>
        (string)(await registry.GetAsync("/token?offline_token=true", login)).MustBe(HttpStatusCode.OK).Json["refresh_token"]!;

    private static Task<RegistryAnswer> UseAsync(AccessRegistry registry, string refresh) =>
        registry.PostTokenAsync(("grant_type", "refresh_token"), ("refresh_token", refresh));
}
