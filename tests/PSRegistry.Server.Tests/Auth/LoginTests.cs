using System.Net;
using System.Net.Sockets;
using System.Text;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth;

/// <summary>A registry that asks for a login.</summary>
public sealed class LoginTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v2/")]
    [InlineData("HEAD", "/v2/")]
    [InlineData("GET", "/v2")]
    [InlineData("GET", "/v2/_catalog")]
    [InlineData("GET", "/v2/a/tags/list")]
    [InlineData("GET", "/v2/a/manifests/b")]
    [InlineData("PUT", "/v2/a/manifests/b")]
    [InlineData("DELETE", "/v2/a/manifests/b")]
    [InlineData("GET", "/v2/a/blobs/sha256:bad")]
    [InlineData("DELETE", "/v2/a/blobs/sha256:bad")]
    [InlineData("POST", "/v2/a/blobs/uploads/")]
    [InlineData("PATCH", "/v2/a/blobs/uploads/b")]
    [InlineData("PUT", "/v2/a/blobs/uploads/b")]
    [InlineData("GET", "/v2/a/referrers/sha256:bad")]
    [InlineData("GET", "/v2/UPPER/tags/list")]
    [InlineData("GET", "/v2/nothing")]
    [InlineData("GET", "/elsewhere")]
    [InlineData("TRACE", "/v2/")]
    public async Task Without_a_login_every_route_is_401_with_the_challenge(string method, string path)
    {
        await using var registry = await StartAsync(realm: "My \"own\" \\ registry");
        var answer = (await registry.Http.SendAsync(new HttpMethod(method), path, null, Token)).MustBe(HttpStatusCode.Unauthorized);
        Assert.Equal("Basic realm=\"My \\\"own\\\" \\\\ registry\"", answer.Header("WWW-Authenticate"));
        Assert.Equal(("application/json", "registry/2.0"), (answer.Header("Content-Type"), answer.Header("Docker-Distribution-Api-Version")));
        if (method != "HEAD")
            Assert.Equal("UNAUTHORIZED", (string?)answer.Json["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Load_balancers_and_browsers_that_ask_first_need_no_login()
    {
        await using var registry = await StartAsync();
        (await registry.Http.GetAsync("/", Token)).MustBe(HttpStatusCode.OK);
        (await registry.Http.SendAsync(HttpMethod.Options, "/v2/a/manifests/b", null, Token)).MustBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("ann:secret", HttpStatusCode.OK)]
    [InlineData("Jürgen:Straße: €", HttpStatusCode.OK)]
    [InlineData("ann:", HttpStatusCode.Unauthorized)]
    [InlineData("ann:Secret", HttpStatusCode.Unauthorized)]
    [InlineData("ann:secret ", HttpStatusCode.Unauthorized)]
    [InlineData("ANN:secret", HttpStatusCode.Unauthorized)]
    [InlineData("nobody:secret", HttpStatusCode.Unauthorized)]
    [InlineData("Jürgen:secret", HttpStatusCode.Unauthorized)]
    [InlineData("old:secret", HttpStatusCode.Unauthorized)]
    public async Task A_login_is_right_or_wrong(string login, HttpStatusCode status)
    {
        await using var registry = await StartAsync();
        using var http = new RegistryHttp(registry.Http.Address) { Login = login };
        for (var i = 0; i < 2; i++)
            (await http.GetAsync("/v2/", Token)).MustBe(status);
        Assert.DoesNotContain(registry.LogLines, line => line.Contains("secret", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_image_is_pushed_and_pulled_by_a_user()
    {
        await using var registry = await StartAsync();
        using var http = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
        var image = await TinyImages.PushAsync(http, "a/b", "v1", TestBytes.Make(1000), Token);
        (await http.GetManifestAsync("a/b", "v1", Token)).MustBe(HttpStatusCode.OK);
        (await registry.Http.GetBlobAsync("a/b", image.Blobs[0], Token)).MustBe(HttpStatusCode.Unauthorized);
        for (var i = 0; i < 250 && !registry.LogLines.Any(IsOfAnn); i++)
            await Task.Delay(20, Token);
        Assert.Contains(registry.LogLines, IsOfAnn);

        static bool IsOfAnn(string line) => line.Contains("auth.user.name=ann", StringComparison.Ordinal) && line.Contains("manifests/v1", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_body_of_a_stranger_is_not_read()
    {
        await using var registry = await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", registry.Http.Address.Port, Token);
        await client.GetStream().WriteAsync("POST /v2/a/blobs/uploads/?digest=x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n"u8.ToArray(), Token);
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 401 Unauthorized", await reader.ReadLineAsync(Token));
    }

    [Theory]
    [InlineData("Authorization: Basic YW5uOnNlY3JldA==\r\nAuthorization: Basic YW5uOnNlY3JldA==")]
    [InlineData("Authorization: Basic")]
    [InlineData("Authorization: Basic ????")]
    [InlineData("Authorization: Basic YW5u")]
    [InlineData("Authorization: Basic YW5uOnNlY3JldAA=")]
    [InlineData("Authorization: Basic YW5uOv8=")]
    [InlineData("Authorization: Bearer YW5uOnNlY3JldA==")]
    [InlineData("Authorization: Negotiate x")]
    public async Task What_is_no_login_is_401(string header)
    {
        await using var registry = await StartAsync();
        var answer = await registry.SendRawAsync($"GET /v2/ HTTP/1.1\r\nHost: a\r\n{header}\r\nConnection: close\r\n\r\n", Token);
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_header_is_refused_and_the_registry_goes_on()
    {
        await using var registry = await StartAsync();
        foreach (var length in new[] { 5_000, 30_000, 100_000 })
        {
            var answer = await registry.SendRawAsync($"GET /v2/ HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {new string('A', length)}\r\nConnection: close\r\n\r\n", Token);
            Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        }
        using var http = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
        (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_new_password_counts_and_the_old_one_does_not_though_it_was_remembered()
    {
        await using var registry = await StartAsync();
        using var before = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
        using var after = new RegistryHttp(registry.Http.Address) { Login = "ann:changed" };
        (await before.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        await File.WriteAllTextAsync(_folder["users"], Line("ann", "changed"), Token);
        for (var i = 0; i < 250 && (await before.GetAsync("/v2/", Token)).Status == HttpStatusCode.OK; i++)
            await Task.Delay(20, Token);
        (await before.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.Unauthorized);
        (await after.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_its_file_the_registry_answers_503_and_lets_nobody_in()
    {
        await using var registry = await StartAsync();
        using var http = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
        (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        File.Delete(_folder["users"]);
        for (var i = 0; i < 250 && (await http.GetAsync("/v2/", Token)).Status == HttpStatusCode.OK; i++)
            await Task.Delay(20, Token);
        (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.ServiceUnavailable);
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_missing_file_is_made_and_its_password_is_told_but_not_logged()
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Auth = new() { Htpasswd = new HtpasswdConfiguration("a", _folder["made", "users"]) },
        });
        var user = registry.Server.NewUser!;
        using var http = new RegistryHttp(registry.Http.Address) { Login = $"{user.Name}:{user.Password}" };
        (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        Assert.DoesNotContain(registry.LogLines, line => line.Contains(user.Password, StringComparison.Ordinal));
    }

    // At the usual cost two hundred checks take more than ten seconds of a processor; remembered, they are a few.
    [Fact]
    public async Task A_pull_of_many_layers_costs_one_bcrypt()
    {
        await File.WriteAllTextAsync(_folder["users"], Line("ann", "secret", cost: 12), Token);
        await using var registry = await StartAsync(write: false);
        using var http = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
        (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        var before = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ => (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK)));
        var remembered = Environment.CpuUsage.TotalTime - before;
        var one = MeasureOne();
        Assert.True(remembered < one * 100, $"200 requests took {remembered}, one bcrypt {one}");
    }

    [Fact]
    public async Task A_flood_of_wrong_passwords_is_held_off_and_users_who_are_remembered_do_not_notice()
    {
        await File.WriteAllTextAsync(_folder["users"], Line("ann", "secret", cost: 10), Token);
        await using var registry = await StartAsync(write: false);
        using var ann = new RegistryHttp(registry.Http.Address) { Login = "ann:secret" };
        (await ann.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        using var flood = new RegistryHttp(registry.Http.Address) { Login = "ann:wrong" };
        var answers = Enumerable.Range(0, 200).Select(_ => flood.GetAsync("/v2/", Token)).ToList();
        while (!answers.Exists(answer => answer.IsCompletedSuccessfully && answer.Result.Status == HttpStatusCode.TooManyRequests))
            await Task.Delay(5, Token);
        (await ann.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        Assert.Contains(answers, answer => !answer.IsCompleted);
        var all = await Task.WhenAll(answers);
        Assert.All(all, answer => Assert.True(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));
        Assert.Equal("1", all.First(answer => answer.Status == HttpStatusCode.TooManyRequests).Header("Retry-After"));
    }

    [Fact]
    public async Task On_one_connection_each_request_counts_by_its_own_login_and_by_the_file_of_the_moment()
    {
        await using var registry = await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(registry.Server.Addresses[0].Host, registry.Server.Addresses[0].Port, Token);
        using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        foreach (var (login, status) in new[]
        {
            ("ann:secret", 200), ("ann:secret", 200), ("ann:secret", 200), ("ann:wrong", 401), ("ann:secret", 200), ("Jürgen:Straße: €", 200),
            ("Jürgen:Straße: €", 200), (null, 401), ("Jürgen:Straße: €", 200), ("ann:secret", 200), ("ann:secret", 200),
        })
        {
            Assert.Equal((login, status), (login, await AskAsync(login)));
        }

        await File.WriteAllTextAsync(_folder["users"], Line("ann", "changed"), Token);
        for (var i = 0; i < 500 && await AskAsync("ann:secret") == 200; i++)
            await Task.Delay(20, Token);
        Assert.Equal(401, await AskAsync("ann:secret"));
        Assert.Equal(200, await AskAsync("ann:changed"));
        Assert.Equal(200, await AskAsync("ann:changed"));

        async Task<int> AskAsync(string? login)
        {
            var header = login is null ? "" : $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HEAD /v2/ HTTP/1.1\r\nHost: a\r\n{header}\r\n"), Token);
            var status = (await reader.ReadLineAsync(Token))!.Split(' ')[1];
            while (await reader.ReadLineAsync(Token) is { Length: > 0 })
            {
            }
            return int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static TimeSpan MeasureOne()
    {
        var before = Environment.CpuUsage.TotalTime;
        BcryptHash.Of("secret", 12);
        return Environment.CpuUsage.TotalTime - before;
    }

    private static string Line(string user, string password, int cost = 4) => $"{user}:{BcryptHash.Of(password, cost).Reveal()}\n";

    private async Task<TestRegistry> StartAsync(string realm = "a", bool write = true)
    {
        if (write)
        {
            var text = new StringBuilder(Line("ann", "secret")).Append(Line("Jürgen", "Straße: €")).Append("old:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n");
            await File.WriteAllTextAsync(_folder["users"], text.ToString(), Token);
        }
        return await TestRegistry.StartAsync(configuration => configuration with { Auth = new() { Htpasswd = new HtpasswdConfiguration(realm, _folder["users"]) } });
    }
}
