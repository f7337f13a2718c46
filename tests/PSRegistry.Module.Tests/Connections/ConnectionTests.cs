using System.Management.Automation;
using System.Text;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Connections;

/// <summary>Connections belong to the process: what they are taken for by default would change other tests that run meanwhile.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;

[Collection(nameof(ProcessWide))]
public sealed class ConnectionTests : IAsyncLifetime
{
    private readonly Session _session = new(("ann", Logins.Of("ann", "wolf-in-sheep")), ("wrong", Logins.Of("ann", "wolf")));
    private ScriptedServer _server = null!;

    private string Registry => _server.Address.Authority;

    public async ValueTask InitializeAsync() => _server = await ScriptedServer.StartAsync(context =>
    {
        if (context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:wolf-in-sheep")))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Registry Realm\"";
            return ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED");
        }
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        return ScriptedServer.AnswerAsync(context, context.Request.Path.Value!.EndsWith("_catalog", StringComparison.Ordinal) ? """{"repositories":["a"]}""" : "{}");
    });

    public async ValueTask DisposeAsync()
    {
        _session.RunWithErrors("Get-RegistryConnection | Disconnect-Registry");
        _session.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public void A_login_is_kept_for_the_process_and_shown_without_its_password()
    {
        var connection = Assert.Single(_session.Run($"Connect-Registry {Registry} $ann"));
        Assert.Equal((Registry, "ann"), (connection.Get<string>("Registry"), connection.Get<string>("User")));
        Assert.DoesNotContain(connection.Properties, property => property.Value?.ToString()?.Contains("wolf", StringComparison.Ordinal) == true);
        Assert.Single(_session.Run($"Get-RegistryCatalog -Registry {Registry}"));
        using var other = new Session();
        Assert.Single(other.Run($"Get-RegistryCatalog -Registry {Registry}"));
    }

    [Fact]
    public void The_one_connection_is_the_registry_that_is_meant_before_any_server()
    {
        _session.Run($"$null = Start-RegistryServer -InMemory; $null = Connect-Registry {Registry} $ann");
        Assert.Equal($"{Registry}/a", Assert.Single(_session.Run("Get-RegistryCatalog")).ToString());
    }

    [Fact]
    public void A_refused_login_is_not_kept()
    {
        var error = _session.Fails($"Connect-Registry {Registry} $wrong");
        Assert.Equal("RegistryUnauthorized,PSRegistry.Commands.ConnectRegistryCommand", error.FullyQualifiedErrorId);
        Assert.DoesNotContain("wolf", error.ToString() + error.Exception, StringComparison.Ordinal);
        Assert.Empty(_session.Run("Get-RegistryConnection"));
    }

    [Fact]
    public void A_connection_given_up_is_gone_for_every_runspace()
    {
        using var other = new Session();
        _session.Run($"Connect-Registry {Registry} $ann");
        Assert.Equal(Registry, Assert.Single(other.Run("Get-RegistryConnection | Disconnect-Registry -PassThru")).ToString());
        Assert.Equal("RegistryUnauthorized", _session.Fails($"Get-RegistryCatalog -Registry {Registry}").FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void What_is_not_connected_cannot_be_given_up()
    {
        var error = _session.Fails("Disconnect-Registry registry.example");
        Assert.Equal("RegistryNotConnected,PSRegistry.Commands.DisconnectRegistryCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }

    [Fact]
    public void With_several_connections_none_is_guessed()
    {
        _session.Run($"$null = Connect-Registry {Registry} $ann; $null = Connect-Registry (Start-RegistryServer -InMemory).Uri");
        Assert.Equal("SeveralRegistries,PSRegistry.Commands.GetRegistryCatalogCommand", _session.Fails("Get-RegistryCatalog").FullyQualifiedErrorId);
    }

    [Fact]
    public void A_login_of_the_command_comes_before_the_connection() =>
        Assert.Equal(
            "RegistryUnauthorized",
            _session.Fails($"$null = Connect-Registry {Registry} $ann; Get-RegistryCatalog -Registry {Registry} -Credential $wrong").FullyQualifiedErrorId.Split(',')[0]);
}
