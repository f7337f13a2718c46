using System.Net;
using System.Text;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Tests.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth;

/// <summary>A registry with the users ann (wolf), bob (bear) and eve (crow), set up by a piece of a config.yml.</summary>
internal sealed class AccessRegistry : IAsyncDisposable
{
    /// <summary>The <c>auth</c> section with tokens of its own; <c>USERS</c> is the file.</summary>
    public const string WithIssuer = "auth: {htpasswd: {realm: Test, path: 'USERS', issuer: {}}}\n";

    public const string WithPasswords = "auth: {htpasswd: {realm: Test, path: 'USERS'}}\n";

    private readonly TemporaryFolder _folder;
    private readonly TestRegistry _registry;

    private AccessRegistry(TemporaryFolder folder, TestRegistry registry) => (_folder, _registry) = (folder, registry);

    public string UsersFile => _folder["users"];

    public string DataFolder => _folder["data"];

    public RegistryHttp Http => _registry.Http;

    public IReadOnlyCollection<string> LogLines => _registry.LogLines;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it.</summary>
    /// <param name="yaml">Sections beside storage and http.</param>
    /// <param name="http">More of <c>http</c>, such as <c>prefix: /reg/</c>.</param>
    /// <param name="data">The folder of the data; null for memory.</param>
    public static async Task<AccessRegistry> StartAsync(string yaml, string http = "", string? data = null)
    {
        var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["users"], Line("ann", "wolf") + Line("bob", "bear") + Line("eve", "crow"), Token);
        var storage = data is null ? "storage: {inmemory: {}, delete: {enabled: true}}" : $"storage: {{filesystem: {{rootdirectory: '{data}'}}, delete: {{enabled: true}}}}";
        var more = http.Length > 0 ? ", " + http : "";
        var result = Given.File($"version: 0.1\n{storage}\nhttp: {{addr: '127.0.0.1:0'{more}}}\n{yaml.Replace("USERS", folder["users"], StringComparison.Ordinal)}");
        Assert.True(result.Configuration is not null, string.Join('\n', result.Faults));
        return new AccessRegistry(folder, await TestRegistry.StartAsync(_ => result.Configuration));
    }

    public static string Line(string user, string password) => $"{user}:{BcryptHash.Of(password, 4).Reveal()}\n";

    public static string Basic(string login) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login));

    /// <summary>Sends a request as a user with a password, as the bearer of a token (where there is no colon), or as a stranger.</summary>
    public Task<RegistryAnswer> SendAsync(string method, string path, string? who = null, HttpContent? content = null) => Http.SendAsync(
        new HttpMethod(method), path, content,
        who is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Authorization"] = who.Contains(':', StringComparison.Ordinal) ? Basic(who) : "Bearer " + who },
        Token);

    public Task<RegistryAnswer> GetAsync(string path, string? who = null) => SendAsync("GET", path, who);

    /// <summary>Asks for a token as docker does.</summary>
    public async Task<string> GetTokenAsync(string? login, params string[] scopes)
    {
        var answer = await GetAsync("/token?service=psregistry" + string.Concat(scopes.Select(scope => "&scope=" + Uri.EscapeDataString(scope))), login);
        return (string)answer.MustBe(HttpStatusCode.OK).Json["token"]!;
    }

    /// <summary>Asks for a token with a form.</summary>
    public async Task<RegistryAnswer> PostTokenAsync(params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await SendAsync("POST", "/token", content: form);
    }

    /// <summary>Pushes an image of one layer.</summary>
    public async Task<TinyImage> PushAsync(string login, string repository, string tag = "v1")
    {
        using var http = new RegistryHttp(Http.Address) { Login = login };
        return await TinyImages.PushAsync(http, repository, tag, TestBytes.Make(100), Token);
    }

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 250 && !await holds(); i++)
            await Task.Delay(20, Token);
        Assert.True(await holds());
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
