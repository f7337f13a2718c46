using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Connections;

/// <summary>The cmdlets at a registry, started by them, that takes the tokens of a token server.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private readonly Session _session = new(("ann", Logins.Of("ann", "wolf")), ("wrong", Logins.Of("ann", "sheep")));
    private readonly TemporaryFolder _folder = new();
    private readonly RealImages _images = new();
    private TokenService _tokens = null!;
    private string _registry = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _tokens = await TokenService.StartAsync("RS256");
        var file = _folder["config.yml"];
        await File.WriteAllTextAsync(file, $"version: 0.1\nstorage: {{inmemory: {{}}, delete: {{enabled: true}}}}\nhttp: {{addr: '127.0.0.1:0'}}\n{_tokens.Yaml}", Token);
        _registry = Assert.Single(_session.Run($"Start-RegistryServer '{file}'")).Get<Uri>("Uri").Authority;
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _tokens.DisposeAsync();
        await _images.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Who_logs_in_lists_and_deletes_and_who_does_not_only_pulls()
    {
        var busybox = await _images.BusyboxAsync();
        Assert.Equal("RegistryUnauthorized,PSRegistry.Commands.GetRegistryCatalogCommand", _session.Fails($"Get-RegistryCatalog -Registry {_registry}").FullyQualifiedErrorId);
        _session.Fails($"Connect-Registry {_registry} -Credential $wrong");

        _session.Run($"Connect-Registry {_registry} -Credential $ann");
        await using var skopeo = new Skopeo();
        await skopeo.CopyAsync(busybox.Reference, $"docker://{_registry}/team/busybox:v1", Token, "--dest-creds", "ann:wolf");
        Assert.Equal([$"{_registry}/team/busybox"], _session.Run($"Get-RegistryCatalog -Registry {_registry}").Texts());
        _session.Run($"Disconnect-Registry {_registry}");

        Assert.Equal([$"{_registry}/team/busybox:v1"], _session.Run($"Get-RegistryTag {_registry}/team/busybox").Texts());
        _session.Fails($"Remove-RegistryImage {_registry}/team/busybox:v1 -Confirm:$false");
        _session.Run($"Remove-RegistryImage {_registry}/team/busybox:v1 -Confirm:$false -Credential $ann");
        Assert.Empty(_session.Run($"Get-RegistryTag {_registry}/team/busybox"));
    }
}
