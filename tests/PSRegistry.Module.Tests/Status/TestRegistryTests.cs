using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Status;

public sealed class TestRegistryTests : IDisposable
{
    private readonly Session _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Ours_and_the_original_are_registries()
    {
        await using var ours = await TestRegistry.StartAsync();
        Assert.Equal([true], Test(ours.Http.Address.Authority));
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path }, Token);
        Assert.Equal([true], Test(original.Authority));
    }

    [Fact]
    public async Task One_that_asks_for_a_login_is_one_by_basic_and_by_token()
    {
        await using var basic = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"r\"";
            return ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED");
        });
        await using var tokens = await new TokenServer().StartAsync();
        await using var bearer = await ScriptedServer.StartAsync(context =>
        {
            tokens.Admits(context, "");
            return Task.CompletedTask;
        });
        Assert.Equal([true, true], Test($"'{basic.Address.Authority}', '{bearer.Address.Authority}'"));
    }

    [Fact]
    public async Task A_host_that_is_none_and_one_that_does_not_answer_are_false_and_only_verbose_tells_why()
    {
        await using var web = await ScriptedServer.StartAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<p>hi</p>", context.RequestAborted);
        });
        var silence = new TaskCompletionSource();
        await using var silent = await ScriptedServer.StartAsync(context => silence.Task.WaitAsync(context.RequestAborted));
        var down = $"127.0.0.1:{FreePort.Next()}";
        using var shell = _session.Shell($"'{web.Address}', '{down}', '{silent.Address}', 'registry.invalid' | Test-Registry -TimeoutSeconds 1 -Verbose");
        Assert.Equal([false, false, false, false], shell.Invoke<bool>());
        Assert.Empty(shell.Streams.Error);
        var told = string.Join('\n', shell.Streams.Verbose.Select(line => line.Message));
        Assert.Contains("not as a registry", told, StringComparison.Ordinal);
        Assert.Contains(down, told, StringComparison.Ordinal);
        Assert.Contains($"{silent.Address.Authority} did not answer within 1 s.", told, StringComparison.Ordinal);
        Assert.Contains("registry.invalid", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_false_unless_it_is_not_checked()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, "{}"), TestCertificate.SelfSigned());
        Assert.Equal([false], Test(server.Address.ToString()));
        Assert.Equal([true], Test($"{server.Address} -SkipCertificateCheck"));
    }

    [Fact]
    public void A_server_is_tested_as_an_object() =>
        Assert.True(Assert.Single(_session.Run("Start-RegistryServer -InMemory | Test-Registry")).BaseObject is true);

    [Fact]
    public void What_is_no_address_is_an_error()
    {
        var error = _session.Fails("Test-Registry 'http://ann:secret@x'");
        Assert.Equal("InvalidRegistryAddress,PSRegistry.Commands.TestRegistryCommand", error.FullyQualifiedErrorId);
    }

    private IEnumerable<bool> Test(string arguments) => _session.Run($"Test-Registry {arguments}").Select(verdict => (bool)verdict.BaseObject);
}
