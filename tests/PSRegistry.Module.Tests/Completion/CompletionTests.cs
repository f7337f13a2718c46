using System.Management.Automation;
using Microsoft.AspNetCore.Http;
using PSRegistry.ModuleTests.Connections;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Completion;

[Collection(nameof(ProcessWide))]
public sealed class CompletionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new();
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync()
    {
        KeptLogins.LookInto(_folder.Path);
        _registry = await TestRegistry.StartAsync();
        await Http.PushAsync(_registry.Server.Uri, Token, "nginx:1.25", "nginx:latest", "team/app:v1", "team/web:v2", "tee:1");
        // The first request of a process takes its time.
        Complete($"Get-RegistryTag -Registry {Registry} -Repository ");
    }

    public async ValueTask DisposeAsync()
    {
        _session.RunWithErrors("Get-RegistryConnection | Disconnect-Registry");
        KeptLogins.LookNowhere();
        _session.Dispose();
        await _registry.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Theory]
    [InlineData("Get-RegistryCatalog -Registry R -Repository te", "team/app team/web tee")]
    [InlineData("Get-RegistryTag -Registry R -Repository team/", "team/app team/web")]
    [InlineData("Get-RegistryTag R/ng", "R/nginx")]
    [InlineData("Get-RegistryTag nginx -Registry R -Tag ", "1.25 latest")]
    [InlineData("Get-RegistryTag R/nginx -Tag l", "latest")]
    [InlineData("Get-RegistryTag R/nginx -Tag 1.25, l", "latest")]
    [InlineData("Get-RegistryManifest R/team/", "R/team/app R/team/web")]
    [InlineData("Get-RegistryImage R/nginx:", "R/nginx:1.25 R/nginx:latest")]
    [InlineData("Get-RegistryImage 'R/nginx:1", "R/nginx:1.25")]
    [InlineData("Remove-RegistryTag -Registry R -Repository nginx -Tag 1", "1.25")]
    [InlineData("Publish-RegistryImage ./x.tar -Registry R -Repository te", "team/app team/web tee")]
    [InlineData("Publish-RegistryImage ./x.tar -Registry R -Repository nginx -Tag l", "latest")]
    [InlineData("Get-RegistryStatus R -Repository n", "nginx")]
    [InlineData("Get-RegistryTag -Registry R -Repository none", "")]
    public void Names_come_live_from_the_registry_on_the_line(string text, string expected)
    {
        var names = Named(expected).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(names, Complete(Named(text), names.Length).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Registries_are_those_of_connections_servers_and_docker()
    {
        File.WriteAllText(_folder["config.json"], """{"auths":{"https://index.docker.io/v1/":{},"ghcr.io":{}},"credsStore":"no-such-helper"}""");
        var server = Assert.Single(_session.Run("Start-RegistryServer -InMemory")).Get<string>("Registry");
        _session.Run($"Connect-Registry {Registry}");
        Assert.Equal(
            new[] { Registry, server, "docker.io", "ghcr.io" }.Order(StringComparer.Ordinal), Complete("Get-RegistryCatalog -Registry ", 4).Order(StringComparer.Ordinal));
        Assert.Equal(["ghcr.io"], Complete("Connect-Registry g", 1));
        Assert.Equal(["ghcr.io"], Complete("Test-Registry GH", 1));
        Assert.Contains("ghcr.io/", Complete("Get-RegistryImage gh", 1));
        Assert.Contains(Registry + "/", Complete("Get-RegistryImage " + Registry[..^1], 1));
    }

    [Fact]
    public void Without_a_registry_on_the_line_it_is_the_one_that_would_be_meant()
    {
        _session.Run($"Connect-Registry {Registry}");
        Assert.Equal(["team/app", "team/web"], Complete("Get-RegistryTag team/", 2));
        Assert.Equal(["nginx:latest"], Complete("Get-RegistryImage nginx:l", 1));
        Assert.Empty(Complete("Get-RegistryImage -DataPath ./data -Image nginx:l"));
        Assert.Empty(Complete("Get-RegistryTag -Path ./data -Repository team/"));
        Assert.Empty(Complete($"Get-RegistryImage -DataPath ./data -Image {Registry}/nginx:l"));
        Assert.Empty(Complete($"Get-RegistryTag -DataPath ./data {Registry}/team/"));
        Assert.Empty(Complete($"Get-RegistryTag -DataPath ./data {Registry[..^1]}"));
        // With two, none is guessed.
        _session.Run("Connect-Registry (Start-RegistryServer -InMemory).Uri");
        Assert.Empty(Complete("Get-RegistryTag team/"));
    }

    [Fact]
    public async Task Of_a_long_list_the_names_that_begin_with_the_word_are_proposed()
    {
        var tags = string.Join(',', Enumerable.Range(0, 900).Select(number => $"\"t{number}\""));
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, $$"""{"tags":[{{tags}}]}"""));
        Assert.Equal(["t899"], Complete($"Get-RegistryTag {server.Address.Authority}/a -Tag t899", 1));
        Assert.Equal(200, Complete($"Get-RegistryTag {server.Address.Authority}/a -Tag ", 200).Count);
    }

    [Fact]
    public async Task A_registry_that_keeps_silent_does_not_keep_the_prompt()
    {
        var silence = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            asked.TrySetResult();
            return silence.Task;
        });
        Assert.Empty(Complete($"Get-RegistryTag {server.Address.Authority}/"));
        await asked.Task.WaitAsync(Token);
        Assert.False(silence.Task.IsCompleted);
        silence.SetResult();
    }

    [Fact]
    public async Task What_came_before_the_silence_is_proposed()
    {
        var silence = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Query.ContainsKey("last")
            ? silence.Task
            : ScriptedServer.AnswerAsync(context, """{"repositories":["a","b"]}""", "/v2/_catalog?last=b"));
        Assert.Equal(["a", "b"], Complete($"Get-RegistryCatalog -Registry {server.Address} -Repository ", 2));
        silence.SetResult();
    }

    [Theory]
    [InlineData("Get-RegistryTag 127.0.0.1:1/")]
    [InlineData("Get-RegistryTag -Registry 'no address' -Repository a")]
    [InlineData("Get-RegistryTag -Tag ")]
    [InlineData("Get-RegistryImage registry.invalid/a:")]
    public void What_goes_wrong_proposes_nothing_and_says_nothing(string text) => Assert.Empty(Complete(text));

    [Fact]
    public async Task A_login_comes_from_docker_s_file_and_is_never_asked_for()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization == "Basic YW5uOndvbGY=")
                return ScriptedServer.AnswerAsync(context, """{"repositories":["secret"]}""");
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"r\"";
            return ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED");
        });
        var text = $"Get-RegistryCatalog -Registry {server.Address.Authority} -Repository ";
        Assert.Empty(Complete(text));
        File.WriteAllText(_folder["config.json"], $$"""{"auths":{"{{server.Address.Authority}}":{"auth":"YW5uOndvbGY="} } }""");
        Assert.Equal(["secret"], Complete(text, 1));
    }

    private string Named(string text) => text.Replace("R/", Registry + "/", StringComparison.Ordinal).Replace(" R ", $" {Registry} ", StringComparison.Ordinal);

    /// <summary>
    /// What the Tab key proposes behind a text; files, the engine's own proposal where there is none, left out. A machine that is busy may take
    /// longer for an answer than a prompt waits: who expects so many asks again.
    /// </summary>
    private List<string> Complete(string text, int expected = 0)
    {
        for (var tries = 1; ; tries++)
        {
            using var shell = _session.Shell("");
            shell.Commands.Clear();
            var completion = CommandCompletion.CompleteInput(text, text.Length, null, shell);
            Assert.Empty(shell.Streams.Error);
            var found = completion.CompletionMatches.Where(match => match.ResultType == CompletionResultType.ParameterValue).Select(match => match.CompletionText).ToList();
            if (found.Count >= expected || tries == 20)
                return found;
        }
    }
}
