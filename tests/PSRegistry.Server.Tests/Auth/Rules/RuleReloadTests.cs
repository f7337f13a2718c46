using System.Net;
using PSRegistry.Server.Tests.Serving;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Rules;

/// <summary>Rules change while the registry runs.</summary>
public sealed class RuleReloadTests : IAsyncDisposable
{
    private readonly ReloadFolder _folder = new();
    private readonly TemporaryFolder _users = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _users.DisposeAsync();
    }

    [Fact]
    public async Task Other_rules_count_at_once_and_tokens_go_on_counting()
    {
        await File.WriteAllTextAsync(_users["users"], AccessRegistry.Line("ann", "wolf"), Token);
        var auth = AccessRegistry.WithIssuer.Replace("USERS", _users["users"], StringComparison.Ordinal);
        await using var registry = await TestRegistry.StartAsync(_folder.Write(auth));
        using var login = new RegistryHttp(registry.Http.Address) { Login = "ann:wolf" };
        await TinyImages.PushAsync(login, "a", "v1", TestBytes.Make(10), Token);
        var token = (string)(await login.GetAsync("/token?scope=repository:a:pull,push", Token)).MustBe(HttpStatusCode.OK).Json["token"]!;
        await ExpectAsync(HttpStatusCode.Unauthorized, HttpStatusCode.OK);

        _folder.Write(auth + "access: {rules: [{anonymous: true, actions: [pull]}]}");
        await ReloadAsync(registry);
        await ExpectAsync(HttpStatusCode.OK, HttpStatusCode.OK);
        (await PushAsync()).MustBe(HttpStatusCode.Forbidden);
        Assert.True(registry.Server.Explain(new AccessQuestion(null, "a", RegistryAction.Pull)).IsAllowed);

        _folder.Write(auth + "access: {rules: [{users: [bob], actions: [pull]}]}");
        await ReloadAsync(registry);
        await ExpectAsync(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);

        _folder.Write(auth);
        await ReloadAsync(registry);
        await ExpectAsync(HttpStatusCode.Unauthorized, HttpStatusCode.OK);
        (await PushAsync()).MustBe(HttpStatusCode.Accepted);

        async Task ExpectAsync(HttpStatusCode stranger, HttpStatusCode bearer)
        {
            (await registry.Http.GetAsync("/v2/a/tags/list", Token)).MustBe(stranger);
            (await SendAsync(HttpMethod.Get, "/v2/a/tags/list")).MustBe(bearer);
        }

        Task<RegistryAnswer> PushAsync() => SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/");

        Task<RegistryAnswer> SendAsync(HttpMethod method, string path) =>
            registry.Http.SendAsync(method, path, null, new Dictionary<string, string> { ["Authorization"] = "Bearer " + token }, Token);
    }

    private static async Task ReloadAsync(TestRegistry registry)
    {
        var reload = await registry.Server.ReloadAsync(cancellationToken: Token);
        Assert.True(reload.IsApplied, string.Join('\n', reload.Faults));
        Assert.DoesNotContain(reload.Changes, change => change.NeedsRestart);
    }
}
