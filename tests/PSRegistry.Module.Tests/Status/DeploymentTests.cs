using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Status;

public sealed class DeploymentTests : IDisposable
{
    private readonly Session _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Every_check_is_an_object_with_what_to_change()
    {
        await using var registry = await TestRegistry.StartAsync();
        await using var nginx = await Nginx.StartAsync(new NginxSettings([registry.Http.Address.Authority]) { Server = "client_max_body_size 1m;" }, Token);
        var findings = _session.Run($"Test-RegistryDeployment http://{nginx.Authority}");
        Assert.All(findings, finding => Assert.Equal(nginx.Authority, finding.Get<string>("Registry")));
        var failed = Assert.Single(findings, finding => finding.Get<object>("Status").ToString() == "Failed");
        Assert.Equal("Large body", failed.Get<string>("Check"));
        Assert.Contains("client_max_body_size", failed.Get<string>("Remedy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_if_and_quick_write_nothing()
    {
        await using var registry = await TestRegistry.StartAsync();
        Assert.Empty(_session.Run($"Test-RegistryDeployment {registry.Http.Address.Authority} -WhatIf"));
        var findings = _session.Run($"Test-RegistryDeployment {registry.Http.Address.Authority} -Quick");
        Assert.DoesNotContain(findings, finding => finding.Get<string>("Check") is "Upload" or "Commit");
        Assert.Equal(0, registry.Server.Traffic.BytesReceived);
        Assert.Empty(await registry.Http.ListRepositoriesAsync(Token));
    }

    [Fact]
    public void A_name_that_is_none_is_an_error() =>
        Assert.Equal("InvalidRepositoryName,PSRegistry.Commands.TestRegistryDeploymentCommand", _session.Fails("Test-RegistryDeployment localhost:1 -Repository A").FullyQualifiedErrorId);
}
