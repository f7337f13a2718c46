using System.Net;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Credentials;

public sealed class CredentialStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("registry.example:5000", """{"auths":{"registry.example:5000":{"auth":"YW5uOndvbGY="}}}""")]
    [InlineData("registry.example", """{"auths":{"https://registry.example":{"auth":"YW5uOndvbGY="}}}""")]
    [InlineData("registry.example", """{"auths":{"https://registry.example/v2/":{"auth":"YW5uOndvbGY="}}}""")]
    [InlineData("registry.example", """{"auths":{"registry.example":{"username":"ann","password":"wolf"}}}""")]
    [InlineData("docker.io", """{"auths":{"https://index.docker.io/v1/":{"auth":"YW5uOndvbGY="}}}""")]
    [InlineData("docker.io", """{"auths":{"docker.io":{"auth":"YW5uOndvbGY="}}}""")]
    public async Task A_login_is_found_however_its_key_is_written(string registry, string json)
    {
        await using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["config.json"], json, Token);
        var login = await CredentialStore.At(folder["config.json"]).FindAsync(Address(registry), Token);
        Assert.Equal(("ann", "wolf"), (login!.Credential!.UserName, login.Credential.Password));
        Assert.Equal(folder["config.json"], login.Source);
        Assert.DoesNotContain("wolf", login.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"auths":{"other.example":{"auth":"YW5uOndvbGY="}}}""")]
    [InlineData("""{"auths":{"registry.example/team":{"auth":"YW5uOndvbGY="}}}""")]
    [InlineData("""{"auths":{"registry.example":{}}}""")]
    [InlineData("""{"auths":{"registry.example":{"auth":"%%%"}}}""")]
    [InlineData("""{"auths":[]}""")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task What_is_no_login_of_the_registry_is_none(string json)
    {
        await using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["config.json"], json, Token);
        Assert.Null(await CredentialStore.At(folder["missing.json"], folder["config.json"]).FindAsync(Address("registry.example"), Token));
    }

    [Fact]
    public async Task An_identity_token_stands_for_the_password()
    {
        await using var folder = new TemporaryFolder();
        var store = CredentialStore.At(folder["config.json"]);
        await store.SaveAsync(Address("registry.example"), new NetworkCredential("ann", "wolf"), "identity", Token);
        var login = await store.FindAsync(Address("registry.example"), Token);
        Assert.Equal((null, "identity"), (login!.Credential, login.IdentityToken));
        Assert.DoesNotContain("identity", login.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_login_leaves_the_rest_of_the_file_and_is_for_its_owner_alone()
    {
        await using var folder = new TemporaryFolder();
        const string Before = """{"auths":{"other.example":{"auth":"eA==","more":[1.0,null,"+<"]}},"HttpHeaders":{"X":"y"},"experimental":"enabled"}""";
        await File.WriteAllTextAsync(folder["config.json"], Before, Token);
        var store = CredentialStore.At(folder["config.json"]);
        Assert.Equal(new SavedLogin(folder["config.json"], IsPlainText: true), await store.SaveAsync(Address("registry.example"), new NetworkCredential("ann", "wolf"), cancellationToken: Token));
        Assert.Equal("wolf", (await store.FindAsync(Address("registry.example"), Token))!.Credential!.Password);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["config.json"]));
        Assert.True(await store.RemoveAsync(Address("registry.example"), Token));
        Assert.False(await store.RemoveAsync(Address("registry.example"), Token));
        Assert.Equal(JsonNode.Parse(Before)!.ToJsonString(), JsonNode.Parse(await File.ReadAllTextAsync(folder["config.json"], Token))!.ToJsonString());
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_not_overwritten()
    {
        await using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["config.json"], """{"auths":{"a":"secret""", Token);
        var store = CredentialStore.At(folder["config.json"]);
        var fault = await Assert.ThrowsAsync<CredentialStoreException>(
            async () => await store.SaveAsync(Address("registry.example"), new NetworkCredential("ann", "wolf"), cancellationToken: Token));
        Assert.Contains(folder["config.json"], fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.Contains("secret", await File.ReadAllTextAsync(folder["config.json"], Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_skopeo_saves_is_found_and_what_is_saved_skopeo_takes()
    {
        await using var folder = new TemporaryFolder();
        await using var skopeo = new Skopeo();
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization == "Basic YW5uOndvbGY=")
                return ScriptedServer.AnswerAsync(context, """{"tags":["a"],"name":"x"}""");
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
            return Task.CompletedTask;
        });
        var authority = server.Address.Authority;
        var login = skopeo.Command("login", "--tls-verify=false", "--authfile", folder["auth.json"], "-u", "ann", "-p", "wolf", authority);
        (await ProgramRun.OfAsync(login, Token)).MustExitWith(0);
        var store = CredentialStore.At(folder["auth.json"]);
        var registry = Address(authority);
        Assert.Equal("wolf", (await store.FindAsync(registry, Token))!.Credential!.Password);
        Assert.True(await store.RemoveAsync(registry, Token));
        await store.SaveAsync(registry, new NetworkCredential("ann", "wolf"), cancellationToken: Token);
        var list = skopeo.Command("list-tags", "--tls-verify=false", "--authfile", folder["auth.json"], $"docker://{authority}/x");
        (await ProgramRun.OfAsync(list, Token)).MustExitWith(0);
    }

    [Theory]
    [InlineData("credsStore")]
    [InlineData("credHelpers")]
    public async Task A_helper_program_keeps_what_it_is_given(string by)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("the helper of this test is a shell script");
        await using var folder = new TemporaryFolder();
        var name = await HelperAsync(folder, """
            case "$1" in
              store) cat > "$0.kept" ;;
              get) read -r url; grep -q "\"$url\"" "$0.kept" 2>/dev/null && cat "$0.kept" || { echo "credentials not found in native keychain"; exit 1; } ;;
              erase) rm "$0.kept" ;;
            esac
            """);
        var json = by == "credsStore" ? $$"""{"credsStore":"{{name}}"}""" : $$"""{"credHelpers":{"registry.example":"{{name}}"} }""";
        await File.WriteAllTextAsync(folder["config.json"], json, Token);
        var store = CredentialStore.At(folder["config.json"]);
        var registry = Address("registry.example");
        Assert.Null(await store.FindAsync(registry, Token));
        Assert.Equal(new SavedLogin($"docker-credential-{name}", IsPlainText: false), await store.SaveAsync(registry, new NetworkCredential("ann", "wo\"lf"), cancellationToken: Token));
        Assert.Equal("wo\"lf", (await store.FindAsync(registry, Token))!.Credential!.Password);
        Assert.DoesNotContain("auths", await File.ReadAllTextAsync(folder["config.json"], Token), StringComparison.Ordinal);
        await store.SaveAsync(registry, null, "identity", Token);
        Assert.Equal("identity", (await store.FindAsync(registry, Token))!.IdentityToken);
        Assert.True(await store.RemoveAsync(registry, Token));
        Assert.Null(await store.FindAsync(registry, Token));
    }

    [Theory]
    [InlineData("echo 'no keychain'; exit 1", "no keychain")]
    [InlineData("echo hunter2", "no login")]
    [InlineData("yes", "without end")]
    public async Task A_helper_that_fails_is_named_and_its_secrets_are_not_shown(string script, string reason)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("the helper of this test is a shell script");
        await using var folder = new TemporaryFolder();
        var name = await HelperAsync(folder, script);
        await File.WriteAllTextAsync(folder["config.json"], $$"""{"credsStore":"{{name}}"}""", Token);
        var fault = await Assert.ThrowsAsync<CredentialStoreException>(
            async () => await CredentialStore.At(folder["config.json"]).FindAsync(Address("registry.example"), Token));
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing-helper", "cannot be run")]
    [InlineData("../evil", "no name of a credential helper")]
    public async Task A_helper_that_cannot_be_run_is_named(string name, string reason)
    {
        await using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["config.json"], $$"""{"credsStore":"{{name}}"}""", Token);
        var fault = await Assert.ThrowsAsync<CredentialStoreException>(
            async () => await CredentialStore.At(folder["config.json"]).FindAsync(Address("registry.example"), Token));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_of_docker_and_podman_are_looked_into()
    {
        var variables = new Dictionary<string, string> { ["DOCKER_CONFIG"] = "/d", ["XDG_RUNTIME_DIR"] = "/r", ["XDG_CONFIG_HOME"] = "/c" };
        string[] files = [Path.Combine("/d", "config.json"), Path.Combine("/r", "containers", "auth.json"), Path.Combine("/c", "containers", "auth.json")];
        Assert.Equal(files, CredentialFiles.Find(name => variables.GetValueOrDefault(name)));
        variables["REGISTRY_AUTH_FILE"] = "/only.json";
        Assert.Equal(["/only.json"], CredentialFiles.Find(name => variables.GetValueOrDefault(name)));
    }

    /// <summary>Puts a helper program on this process's PATH.</summary>
    private static async Task<string> HelperAsync(TemporaryFolder folder, string script)
    {
        var name = $"test-{Guid.NewGuid():n}";
        var path = folder[$"docker-credential-{name}"];
        await File.WriteAllTextAsync(path, "#!/bin/sh\n" + script.ReplaceLineEndings("\n") + "\n", Token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{folder.Path}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}");
        return name;
    }

    private static RegistryAddress Address(string text)
    {
        Assert.True(RegistryAddress.TryParse(text, out var address, out var fault), fault);
        return address;
    }
}
