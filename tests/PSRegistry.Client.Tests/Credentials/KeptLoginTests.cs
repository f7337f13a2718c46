using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Credentials;

/// <summary>The login that docker or podman keep, as a client uses it that was given none.</summary>
public sealed class KeptLoginTests : IAsyncLifetime
{
    private const string Login = "Basic YW5uOndvbGY=";

    private readonly TemporaryFolder _folder = new();
    private ScriptedServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ScriptedServer.StartAsync(context =>
    {
        if (context.Request.Path != "/v2/" && context.Request.Headers.Authorization != Login)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"r\"";
            return ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED");
        }
        return ScriptedServer.AnswerAsync(context, """{"repositories":["a"]}""");
    });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task It_is_looked_for_when_the_registry_asks_for_one_and_not_before()
    {
        using var client = Clients.Of(_server.Address, Kept($"{{\"auths\":{{\"{_server.Address.Authority}\":{{\"auth\":\"YW5uOndvbGY=\"}}}}}}"));
        await client.PingAsync(Token);
        Assert.Equal((null, null, false), (client.User, client.LoginSource, client.HasLogin));
        Assert.Equal(["a"], await client.RepositoriesAsync());
        Assert.Equal(("ann", _folder["config.json"], true), (client.User, client.LoginSource, client.HasLogin));
        Assert.Equal([null, null, Login], _server.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_login_that_was_given_counts_alone()
    {
        using var client = Clients.Of(_server.Address, Kept($"{{\"auths\":{{\"{_server.Address.Authority}\":{{\"auth\":\"YW5uOndvbGY=\"}}}}}}") with { Credential = new("bob", "x") });
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.RepositoriesAsync());
        Assert.Contains("'bob'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_refused_is_named_with_its_place_and_not_shown()
    {
        using var client = Clients.Of(_server.Address, Kept($"{{\"auths\":{{\"{_server.Address.Authority}\":{{\"auth\":\"YW5uOnNoZWVw\"}}}}}}"));
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.RepositoriesAsync());
        Assert.Contains($"'ann' (kept in {_folder["config.json"]})", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sheep", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_hinders_nobody_who_needs_no_login_and_is_told_to_who_does()
    {
        using var client = Clients.Of(_server.Address, Kept("no json"));
        await client.PingAsync(Token);
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.RepositoriesAsync());
        Assert.Contains("config.json", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://registry.example/", false)]
    [InlineData("https://registry.example/", true)]
    public async Task It_is_not_sent_where_it_could_be_read_on_the_way(string address, bool skipsCertificateCheck)
    {
        await using var server = await ScriptedServer.StartAsync(
            context =>
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"r\"";
                return ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED");
            },
            skipsCertificateCheck ? TestCertificate.SelfSigned() : null);
        var options = Kept("""{"auths":{"registry.example":{"auth":"YW5uOndvbGY="}}}""") with
        {
            SkipCertificateCheck = skipsCertificateCheck,
            NoProxy = ["*"],
            Surroundings = new Surroundings { Connect = (_, token) => ConnectAsync(server.Address.Port, token) },
        };
        using var client = Clients.Of(new Uri(address), options);
        var fault = await Clients.FailsAsync(RegistryFailure.Unauthorized, () => client.RepositoriesAsync());
        Assert.Contains("certificate checked", fault.Message, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task It_is_taken_to_the_token_service_too()
    {
        await using var tokens = await new TokenServer { IsPublic = _ => false }.StartAsync();
        await using var server = await ScriptedServer.StartAsync(context => tokens.Admits(context, "registry:catalog:*")
            ? ScriptedServer.AnswerAsync(context, """{"repositories":["a"]}""")
            : Task.CompletedTask);
        using var client = Clients.Of(server.Address, Kept($"{{\"auths\":{{\"{server.Address.Authority}\":{{\"auth\":\"YW5uOndvbGY=\"}}}}}}"));
        Assert.Equal(["a"], await client.RepositoriesAsync());
    }

    [Fact]
    public async Task The_registries_with_a_login_are_listed_without_running_a_helper()
    {
        Write("""{"auths":{"https://index.docker.io/v1/":{},"ghcr.io":{},"quay.io/team":{}},"credHelpers":{"ecr.example":"no-such-helper"},"credsStore":"no-such-helper"}""");
        var store = CredentialStore.At(_folder["config.json"]);
        Assert.Equal(["docker.io", "ghcr.io", "ecr.example"], await store.ListAsync(Token));
        Assert.True(RegistryAddress.TryParse("ghcr.io", out var registry, out _));
        await Assert.ThrowsAsync<CredentialStoreException>(async () => await store.FindAsync(registry, Token));
        Assert.Null(await store.WithoutHelpers().FindAsync(registry, Token));
    }

    private RegistryClientOptions Kept(string json)
    {
        Write(json);
        return Clients.Impatient(new ImpatientClock()) with { Logins = CredentialStore.At(_folder["config.json"]) };
    }

    private void Write(string json) => File.WriteAllText(_folder["config.json"], json);

    private static async ValueTask<Stream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
