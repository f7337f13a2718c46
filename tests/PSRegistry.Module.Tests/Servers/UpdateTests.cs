using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Servers;

public sealed class UpdateTests : IDisposable
{
    private readonly Session _session = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_server_takes_over_what_its_file_says_now()
    {
        var server = Start("");
        using var http = new RegistryHttp(server.Get<Uri>("Uri"));
        await http.BeginUploadAsync("a", Token);
        Write("  maintenance: {readonly: {enabled: true}}");
        var updated = Assert.Single(_session.Run("Update-RegistryServer -PassThru"));
        Assert.True(updated.Get<DateTime>("ConfiguredAt") >= updated.Get<DateTime>("Started"));
        Assert.Equal(_folder["config.yml"], updated.Get<string>("ConfigPath"));
        (await http.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", null, Token)).MustBe(System.Net.HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public void A_faulty_configuration_is_an_error_with_every_line_and_the_server_goes_on()
    {
        Start("");
        Write("  delete: {enabled: perhaps}\nlog: {level: loud}");
        var error = _session.Fails("Update-RegistryServer");
        Assert.Equal("ConfigurationFault,PSRegistry.Commands.UpdateRegistryServerCommand", error.FullyQualifiedErrorId);
        Assert.Contains("config.yml:5", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("log.level", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("Running", Assert.Single(_session.Run("$s")).Get<object>("State").ToString());
    }

    [Fact]
    public void What_needs_a_restart_is_a_warning()
    {
        Start("");
        File.WriteAllText(_folder["config.yml"], File.ReadAllText(_folder["config.yml"]).Replace("127.0.0.1:0", "127.0.0.1:1", StringComparison.Ordinal));
        var (_, errors, warnings) = _session.RunWithErrors("Update-RegistryServer");
        Assert.Empty(errors);
        Assert.Contains("http.addr needs a restart", Assert.Single(warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_if_reads_nothing()
    {
        Start("");
        Write("  delete: {enabled: perhaps}");
        _session.Run("$s | Update-RegistryServer -WhatIf");
    }

    private PSObject Start(string storage) => Assert.Single(_session.Run($"($s = Start-RegistryServer '{Write(storage)}')"));

    private string Write(string storage)
    {
        File.WriteAllText(_folder["config.yml"], $"""
            version: 0.1
            http: {"{"}addr: '127.0.0.1:0'{"}"}
            storage:
              filesystem: {"{"}rootdirectory: '{_folder["data"]}'{"}"}
            {storage}
            """);
        return _folder["config.yml"];
    }
}
