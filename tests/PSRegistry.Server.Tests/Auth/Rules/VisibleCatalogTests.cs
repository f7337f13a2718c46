using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Rules;

/// <summary>The list of repositories shows what its reader may pull from, in whole pages.</summary>
public sealed class VisibleCatalogTests
{
    private const string Rules = """
        access:
          rules:
          - {users: [ann], actions: ['*']}
          - {users: [bob], repositories: [b/**, d/x1*], actions: [pull, catalog]}
          - {users: [eve], repositories: [none], actions: [pull, catalog]}
          - {anonymous: true, repositories: [a/*], actions: [pull, catalog]}

        """;

    private static readonly string[] Folders = ["a", "b", "c", "d"];

    private static readonly string[] All = [.. Folders.SelectMany(folder => Enumerable.Range(10, 6).Select(number => $"{folder}/x{number}"))];

    [Theory]
    [InlineData("ann:wolf", "a/ b/ c/ d/")]
    [InlineData("bob:bear", "a/ b/ d/")]
    [InlineData("eve:crow", "a/")]
    [InlineData(null, "a/")]
    public async Task Every_page_is_full_and_linked_until_the_last(string? login, string visible)
    {
        await using var registry = await StartAsync();
        string[] expected = [.. All.Where(name => visible.Split(' ').Any(start => name.StartsWith(start, StringComparison.Ordinal)))];
        foreach (var who in new[] { login, await registry.GetTokenAsync(login, "registry:catalog:*") })
        {
            foreach (var size in new[] { 1, 2, 3, 5, 6, 7, 100 })
            {
                var seen = new List<string>();
                var path = $"/v2/_catalog?n={size}";
                while (path.Length > 0)
                {
                    var answer = (await registry.GetAsync(path, who)).MustBe(HttpStatusCode.OK);
                    var page = answer.Json["repositories"]!.AsArray().Select(name => (string)name!).ToList();
                    seen.AddRange(page);
                    var hasMore = answer.Headers.TryGetValue("Link", out var link);
                    Assert.Equal(seen.Count < expected.Length, hasMore);
                    Assert.True(!hasMore || page.Count == size);
                    path = hasMore ? link![(link!.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)] : "";
                }
                Assert.Equal(expected, seen);
            }
        }
    }

    [Fact]
    public async Task Who_may_pull_but_not_list_is_refused()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer + "access: {rules: [{users: [ann], actions: [push]}, {users: [bob], actions: [catalog]}]}\n");
        await registry.PushAsync("ann:wolf", "a");
        (await registry.GetAsync("/v2/_catalog", "ann:wolf")).MustBe(HttpStatusCode.Forbidden);
        Assert.Empty((await registry.GetAsync("/v2/_catalog", "bob:bear")).MustBe(HttpStatusCode.OK).Json["repositories"]!.AsArray());
        (await registry.GetAsync("/v2/_catalog")).MustBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<AccessRegistry> StartAsync()
    {
        var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer + Rules);
        using var http = new RegistryHttp(registry.Http.Address) { Login = "ann:wolf" };
        foreach (var name in All)
            await TinyImages.PushAsync(http, name, "v1", TestBytes.Make(10), TestContext.Current.CancellationToken);
        return registry;
    }
}
