using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Rules;

/// <summary>What the rules of <c>access</c> do to requests, whichever way one logs in.</summary>
public sealed class AccessRuleTests
{
    private const string Rules = """
        access:
          groups: {team: [ann, bob]}
          rules:
          - {anonymous: true, repositories: [public/**], actions: [pull]}
          - {groups: [team], repositories: [team/**, public/**], actions: [push]}
          - {users: [ann], repositories: [team/**], actions: [delete]}
          - {users: ['*'], repositories: ['home/${user}/**'], actions: [push, delete]}
          - {users: [ann, eve], actions: [catalog]}

        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ann:wolf", "GET", "team/a", HttpStatusCode.OK)]
    [InlineData("ann:wolf", "POST", "team/a", HttpStatusCode.Accepted)]
    [InlineData("ann:wolf", "DELETE", "team/a", HttpStatusCode.Accepted)]
    [InlineData("bob:bear", "GET", "team/a", HttpStatusCode.OK)]
    [InlineData("bob:bear", "DELETE", "team/a", HttpStatusCode.Forbidden)]
    [InlineData("eve:crow", "GET", "team/a", HttpStatusCode.Forbidden)]
    [InlineData("eve:crow", "GET", "team/none", HttpStatusCode.Forbidden)]
    [InlineData("eve:crow", "GET", "public/a", HttpStatusCode.OK)]
    [InlineData("eve:crow", "POST", "public/a", HttpStatusCode.Forbidden)]
    [InlineData("eve:crow", "POST", "home/eve/a", HttpStatusCode.Accepted)]
    [InlineData("eve:crow", "POST", "home/ann/a", HttpStatusCode.Forbidden)]
    [InlineData("eve:crow", "POST", "home/eve", HttpStatusCode.Forbidden)]
    [InlineData("ann:wolf", "GET", "elsewhere", HttpStatusCode.Forbidden)]
    [InlineData(null, "GET", "public/a", HttpStatusCode.OK)]
    [InlineData(null, "POST", "public/a", HttpStatusCode.Unauthorized)]
    [InlineData(null, "GET", "team/a", HttpStatusCode.Unauthorized)]
    public async Task A_request_is_allowed_by_a_rule_or_not_at_all(string? login, string method, string repository, HttpStatusCode status)
    {
        foreach (var auth in new[] { AccessRegistry.WithPasswords, AccessRegistry.WithIssuer })
        {
            await using var registry = await AccessRegistry.StartAsync(auth + Rules);
            await registry.PushAsync("ann:wolf", "team/a");
            await registry.PushAsync("ann:wolf", "public/a");
            var path = method switch
            {
                "GET" => $"/v2/{repository}/tags/list",
                "POST" => $"/v2/{repository}/blobs/uploads/",
                _ => $"/v2/{repository}/manifests/v1",
            };
            var answer = (await registry.SendAsync(method, path, login)).MustBe(status);
            if (status == HttpStatusCode.Forbidden)
                Assert.Equal("DENIED", (string?)answer.Json["errors"]![0]!["code"]);
            if (auth != AccessRegistry.WithIssuer)
                continue;
            // And so with a token for all that could be asked.
            var token = await registry.GetTokenAsync(login, $"repository:{repository}:pull,push,delete");
            await registry.PushAsync("ann:wolf", "team/a");
            (await registry.SendAsync(method, path, token)).MustBe(status);
        }
    }

    [Fact]
    public async Task A_token_allows_no_more_than_the_rules_of_what_was_asked()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer + Rules);
        Assert.Equal("repository:public/a:pull", await ScopeAsync("eve:crow", "repository:public/a:pull,push repository:team/a:pull registry:catalog:x"));
        Assert.Equal("repository:team/a:pull,push,delete registry:catalog:*", await ScopeAsync("ann:wolf", "repository:team/a:pull,push,delete registry:catalog:*"));
        Assert.Equal("repository:team/a:*", await ScopeAsync("ann:wolf", "repository:team/a:*"));
        Assert.Equal("repository:public/a:pull", await ScopeAsync(null, "repository:public/a:* repository:team/a:pull registry:catalog:*"));

        // A token for every repository is none for a forbidden one.
        await registry.PushAsync("ann:wolf", "team/a");
        var every = await registry.GetTokenAsync("eve:crow", "repository:*:*", "registry:catalog:*");
        (await registry.GetAsync("/v2/team/a/tags/list", every)).MustBe(HttpStatusCode.Forbidden);
        (await registry.SendAsync("POST", "/v2/home/eve/x/blobs/uploads/", every)).MustBe(HttpStatusCode.Accepted);

        async Task<string?> ScopeAsync(string? login, string scope) =>
            (string?)(await registry.GetAsync("/token?scope=" + Uri.EscapeDataString(scope), login)).MustBe(HttpStatusCode.OK).Json["scope"];
    }

    [Fact]
    public async Task Docker_is_always_asked_who_it_is_at_the_base()
    {
        foreach (var auth in new[] { AccessRegistry.WithPasswords, AccessRegistry.WithIssuer })
        {
            await using var registry = await AccessRegistry.StartAsync(auth + Rules);
            (await registry.GetAsync("/v2/")).MustBe(HttpStatusCode.Unauthorized);
            (await registry.GetAsync("/v2/", "eve:crow")).MustBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Without_a_way_to_log_in_strangers_may_what_is_everybodys_and_the_rest_is_403()
    {
        await using var folder = new TemporaryFolder();
        await using (var open = await AccessRegistry.StartAsync("", data: folder["data"]))
        {
            await open.PushAsync("x:x", "public/a");
            await open.PushAsync("x:x", "team/a");
        }
        await using var registry = await AccessRegistry.StartAsync(Rules, data: folder["data"]);
        (await registry.GetAsync("/v2/")).MustBe(HttpStatusCode.OK);
        (await registry.GetAsync("/v2/public/a/tags/list")).MustBe(HttpStatusCode.OK);
        (await registry.GetAsync("/v2/team/a/tags/list")).MustBe(HttpStatusCode.Forbidden);
        (await registry.SendAsync("POST", "/v2/public/a/blobs/uploads/")).MustBe(HttpStatusCode.Forbidden);
        (await registry.GetAsync("/v2/_catalog")).MustBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_mount_takes_a_blob_only_from_where_one_may_pull()
    {
        foreach (var auth in new[] { AccessRegistry.WithPasswords, AccessRegistry.WithIssuer })
        {
            await using var registry = await AccessRegistry.StartAsync(auth + Rules);
            var secret = (await registry.PushAsync("ann:wolf", "team/a")).Blobs[0];
            using var http = new RegistryHttp(registry.Http.Address) { Login = "ann:wolf" };
            var open = await http.PushBlobAsync("public/a", TestBytes.Make(50), Token);
            foreach (var who in auth == AccessRegistry.WithIssuer
                ? ["eve:crow", await registry.GetTokenAsync("eve:crow", "repository:home/eve/x:pull,push", "repository:team/a:pull", "repository:public/a:pull")]
                : new[] { "eve:crow" })
            {
                (await registry.SendAsync("POST", $"/v2/home/eve/x/blobs/uploads/?mount={secret}&from=team/a", who)).MustBe(HttpStatusCode.Accepted);
                (await registry.SendAsync("POST", $"/v2/home/eve/x/blobs/uploads/?mount={secret}", who)).MustBe(HttpStatusCode.Accepted);
                (await registry.GetAsync($"/v2/home/eve/x/blobs/{secret}", who)).MustBe(HttpStatusCode.NotFound);
                (await registry.SendAsync("POST", $"/v2/home/eve/x/blobs/uploads/?mount={open}&from=public/a", who)).MustBe(HttpStatusCode.Created);
            }
        }
    }

    [Fact]
    public async Task A_token_that_lacks_the_source_of_a_mount_is_asked_for_both()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer + Rules);
        var open = (await registry.PushAsync("ann:wolf", "public/a")).Blobs[0];
        var token = await registry.GetTokenAsync("eve:crow", "repository:home/eve/x:pull,push");
        var answer = (await registry.SendAsync("POST", $"/v2/home/eve/x/blobs/uploads/?mount={open}&from=public/a", token)).MustBe(HttpStatusCode.Unauthorized);
        Assert.Contains("scope=\"repository:home/eve/x:pull,push repository:public/a:pull\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }
}
