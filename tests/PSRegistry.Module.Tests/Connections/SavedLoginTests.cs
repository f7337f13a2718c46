using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Connections;

/// <summary>Logins in docker's own form: found, saved and removed.</summary>
[Collection(nameof(ProcessWide))]
public sealed class SavedLoginTests : IAsyncLifetime
{
    private const string Login = "Basic YW5uOndvbGYtaW4tc2hlZXA=";

    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new(("ann", Logins.Of("ann", "wolf-in-sheep")));
    private ScriptedServer _server = null!;

    private string Registry => _server.Address.Authority;

    private string File => _folder["config.json"];

    public async ValueTask InitializeAsync()
    {
        KeptLogins.LookInto(_folder.Path);
        _server = await ScriptedServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization != Login)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"Registry Realm\"";
                return ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED");
            }
            return ScriptedServer.AnswerAsync(context, context.Request.Path.Value!.EndsWith("_catalog", StringComparison.Ordinal) ? """{"repositories":["a"]}""" : "{}");
        });
    }

    public async ValueTask DisposeAsync()
    {
        _session.RunWithErrors("Get-RegistryConnection | Disconnect-Registry");
        KeptLogins.LookNowhere();
        _session.Dispose();
        await _server.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public void A_login_that_docker_keeps_needs_no_connection()
    {
        Keep();
        Assert.Single(_session.Run($"Get-RegistryCatalog -Registry {Registry}"));
        Assert.Empty(_session.Run("Get-RegistryConnection"));
    }

    [Fact]
    public void A_connection_takes_it_over_and_tells_where_it_is_from()
    {
        Keep();
        var connection = Assert.Single(_session.Run($"Connect-Registry {Registry}"));
        Assert.Equal(("ann", File), (connection.Get<string>("User"), connection.Get<string>("LoginSource")));
        Assert.DoesNotContain(connection.Properties, property => property.Value?.ToString()?.Contains("wolf", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_saved_login_is_docker_s_with_a_warning_that_it_is_plain_text_and_outlives_the_connection()
    {
        var (output, errors, warnings) = _session.RunWithErrors($"Connect-Registry {Registry} $ann -Save -Verbose");
        Assert.Single(output);
        Assert.Empty(errors);
        var warning = Assert.Single(warnings).Message;
        Assert.Contains(File, warning, StringComparison.Ordinal);
        Assert.Contains("unencrypted", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("wolf", warning, StringComparison.Ordinal);
        Assert.Contains("YW5uOndvbGYtaW4tc2hlZXA=", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        _session.Run($"Disconnect-Registry {Registry}");
        Assert.Single(_session.Run($"Get-RegistryCatalog -Registry {Registry}"));
    }

    [Fact]
    public void It_goes_to_the_credential_helper_that_docker_names_and_then_without_a_warning()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("the helper of this test is a shell script");
        var helper = _folder["docker-credential-moduletest"];
        System.IO.File.WriteAllText(helper, "#!/bin/sh\ncat > \"$0.kept\"\n");
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        System.IO.File.WriteAllText(File, """{"credsStore":"moduletest"}""");
        var path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", $"{_folder.Path}{Path.PathSeparator}{path}");
        try
        {
            Assert.Empty(_session.RunWithErrors($"Connect-Registry {Registry} $ann -Save").Warnings);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
        Assert.Contains("wolf-in-sheep", System.IO.File.ReadAllText(helper + ".kept"), StringComparison.Ordinal);
        Assert.DoesNotContain("auths", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_cannot_be_written_is_an_error_and_the_connection_stands()
    {
        System.IO.File.WriteAllText(File, "no json");
        var (output, errors, _) = _session.RunWithErrors($"Connect-Registry {Registry} $ann -Save");
        Assert.Single(output);
        var error = Assert.Single(errors);
        Assert.Equal("CredentialStoreUnusable,PSRegistry.Commands.ConnectRegistryCommand", error.FullyQualifiedErrorId);
        Assert.Equal(File, error.TargetObject);
        Assert.DoesNotContain("wolf", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_that_nobody_looked_at_is_saved_with_a_warning()
    {
        var (output, errors, warnings) = _session.RunWithErrors("Connect-Registry (Start-RegistryServer -InMemory).Uri $ann -Save");
        Assert.Single(output);
        Assert.Empty(errors);
        Assert.Contains("unproven", warnings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_if_neither_connects_nor_saves()
    {
        Assert.Empty(_session.Run($"Connect-Registry {Registry} $ann -Save -WhatIf"));
        Assert.Empty(_session.Run("Get-RegistryConnection"));
        Assert.False(System.IO.File.Exists(File));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void Without_a_login_there_is_nothing_to_save()
    {
        Assert.Equal("NothingToSave,PSRegistry.Commands.ConnectRegistryCommand", _session.Fails($"Connect-Registry {Registry} -Save").FullyQualifiedErrorId);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void Docker_s_login_is_removed_only_when_that_is_asked_for()
    {
        Keep();
        _session.Run($"$null = Connect-Registry {Registry}; Disconnect-Registry {Registry} -Forget -WhatIf");
        Assert.Single(_session.Run("Get-RegistryConnection"));
        _session.Run($"Disconnect-Registry {Registry}");
        Assert.Contains(Registry, System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        _session.Run($"Disconnect-Registry {Registry} -Forget");
        Assert.DoesNotContain(Registry, System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        Assert.Equal("RegistryNotConnected", _session.Fails($"Disconnect-Registry {Registry} -Forget").FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal("RegistryUnauthorized", _session.Fails($"Get-RegistryCatalog -Registry {Registry}").FullyQualifiedErrorId.Split(',')[0]);
    }

    private void Keep() => System.IO.File.WriteAllText(File, $$"""{"auths":{"{{Registry}}":{"auth":"YW5uOndvbGYtaW4tc2hlZXA="} } }""");
}
