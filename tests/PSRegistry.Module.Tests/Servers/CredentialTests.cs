using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Servers;

public sealed class CredentialTests : IDisposable
{
    private readonly Session _session = new(("ann", Logins.Of("ann", "wolf-in-sheep")), ("wrong", Logins.Of("ann", "wolf")), ("bob", Logins.Of("bob", "wolf-in-sheep")));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_quick_server_lets_in_its_one_user_and_nobody_else()
    {
        var server = Assert.Single(_session.Run("Start-RegistryServer -InMemory -Credential $ann"));
        using var http = new RegistryHttp(server.Get<Uri>("Uri"));
        var refused = (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.Unauthorized);
        Assert.StartsWith("Basic realm=", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Empty(_session.Run("Get-RegistryCatalog -Credential $ann"));
        foreach (var login in new[] { "", "-Credential $wrong", "-Credential $bob" })
            Assert.Equal("RegistryUnauthorized,PSRegistry.Commands.GetRegistryCatalogCommand", _session.Fails($"Get-RegistryCatalog {login}").FullyQualifiedErrorId);
    }

    [Fact]
    public void Its_user_takes_the_place_of_the_configured_ones()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["htpasswd"], "");
        File.WriteAllText(folder["config.yml"], $"version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: '127.0.0.1:0'}}\nauth: {{htpasswd: {{realm: r, path: {folder["htpasswd"]}}}}}\n");
        _session.Run($"$null = Start-RegistryServer '{folder["config.yml"]}' -Credential $ann");
        Assert.Empty(_session.Run("Get-RegistryCatalog -Credential $ann"));
    }

    [Fact]
    public void A_login_that_nobody_could_use_is_refused_without_its_password()
    {
        using var session = new Session(("odd", Logins.Of("ann:smith", "wolf-in-sheep")));
        var error = session.Fails("Start-RegistryServer -InMemory -Credential $odd");
        Assert.Equal("SettingUnusable,PSRegistry.Commands.StartRegistryServerCommand", error.FullyQualifiedErrorId);
        Assert.Contains("colon", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wolf", error.ToString() + error.Exception, StringComparison.Ordinal);
    }
}
