using System.Management.Automation;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Status;

public sealed class StatusTests : IDisposable
{
    private readonly Session _session = new(("ann", Logins.Of("ann", "wolf")), ("wrong", Logins.Of("ann", "sheep")));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Ours_supports_everything()
    {
        await using var registry = await TestRegistry.StartAsync();
        await Http.PushAsync(registry.Http.Address, Token, "a:1", "b:1", "b:2", "c:1", "d:1");
        var status = Status($"{registry.Http.Address.Authority} -ProbeDelete");
        Assert.Equal((registry.Http.Address.Authority, "registry/2.0", "None", true), (status.ToString(), Text(status, "ApiVersion"), Text(status, "Authentication"), status.Get<bool>("IsAuthorized")));
        Assert.Equal("True True True True True", Abilities(status));
        Assert.False(status.Get<bool>("Tls"));
        Assert.True(status.Get<TimeSpan>("Latency") > TimeSpan.Zero);
    }

    [Fact]
    public async Task The_original_is_told_apart_and_deletion_is_unknown_unless_asked_for()
    {
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path, DeleteEnabled = false }, Token);
        await Http.PushAsync(original.Http.Address, Token, "a:1", "b:1", "b:2", "c:1", "d:1");
        Assert.Equal("True True False False -", Abilities(Status(original.Authority)));
        Assert.Equal("True True False False False", Abilities(Status($"{original.Authority} -ProbeDelete")));
    }

    [Fact]
    public async Task One_that_needs_a_login_tells_how_and_what_it_says_to_who_has_none()
    {
        await using var server = await ScriptedServer.StartAsync(BasicAsync);
        var status = Status(server.Address.Authority);
        Assert.Equal(("Basic", "Registry Realm", null, false), (Text(status, "Authentication"), Text(status, "Realm"), Text(status, "Service"), status.Get<bool>("IsAuthorized")));
        Assert.Contains("asks for a login", Text(status, "Refusal"), StringComparison.Ordinal);
        Assert.Equal("- - - - -", Abilities(status));

        var known = Status($"{server.Address.Authority} -Credential $ann");
        Assert.Equal(("ann", true), (Text(known, "User"), known.Get<bool>("IsAuthorized")));
        Assert.StartsWith("True", Abilities(known), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_is_refused_is_tried_once_and_shown_nowhere()
    {
        await using var server = await ScriptedServer.StartAsync(BasicAsync);
        var status = Status($"{server.Address.Authority} -Credential $wrong -Repository a");
        Assert.False(status.Get<bool>("IsAuthorized"));
        Assert.Single(server.Requests, request => request.Authorization is not null);
        Assert.DoesNotContain(status.Properties, property => property.Value?.ToString()?.Contains("sheep", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task One_with_tokens_names_its_service_and_lets_anonymous_users_see_what_is_public()
    {
        await using var tokens = await new TokenServer { IsPublic = scope => scope == "repository:team/app:pull" }.StartAsync();
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            var path = context.Request.Path.Value!;
            var scope = path == "/v2/" ? "" : path == "/v2/_catalog" ? "registry:catalog:*" : "repository:team/app:pull";
            return tokens.Admits(context, scope) ? ScriptedServer.AnswerAsync(context, path == "/v2/" ? "{}" : """{"tags":["1"]}""", path == "/v2/" ? null : "/v2/team/app/tags/list?n=1&last=1") : Task.CompletedTask;
        });
        var status = Status($"{server.Address.Authority} -Repository team/app");
        Assert.Equal(("Bearer", tokens.Realm.ToString(), "registry.test", true), (Text(status, "Authentication"), Text(status, "Realm"), Text(status, "Service"), status.Get<bool>("IsAuthorized")));
        Assert.Equal((null, true), (status.Properties["Catalog"].Value, status.Properties["TagPaging"].Value));
    }

    [Theory]
    [InlineData("R", "NotARegistry", ErrorCategory.ProtocolError)]
    [InlineData("127.0.0.1:1", "RegistryUnreachable", ErrorCategory.ConnectionError)]
    [InlineData("R -Repository NO", "InvalidRepositoryName", ErrorCategory.InvalidArgument)]
    public async Task What_is_no_registry_is_an_error(string arguments, string id, ErrorCategory category)
    {
        await using var web = await ScriptedServer.StartAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<p>hi</p>", context.RequestAborted);
        });
        var error = _session.Fails("Get-RegistryStatus " + arguments.Replace("R", web.Address.Authority, StringComparison.Ordinal).Replace($"{web.Address.Authority}epository", "Repository", StringComparison.Ordinal));
        Assert.Equal($"{id},PSRegistry.Commands.GetRegistryStatusCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    [Fact]
    public void Several_come_in_the_order_of_their_names_and_from_objects() =>
        Assert.Equal(2, _session.Run("$servers = 1..2 | ForEach-Object { Start-RegistryServer -InMemory }; $status = $servers | Get-RegistryStatus; if (\"$status\" -eq \"$($servers.Registry)\") { $status }").Count);

    private static Task BasicAsync(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        if (context.Request.Headers.Authorization == "Basic YW5uOndvbGY=")
            return ScriptedServer.AnswerAsync(context, context.Request.Path == "/v2/_catalog" ? """{"repositories":[]}""" : "{}");
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Registry Realm\"";
        return ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED");
    }

    private PSObject Status(string arguments) => Assert.Single(_session.Run($"Get-RegistryStatus {arguments}"));

    private static string? Text(PSObject status, string property) => status.Properties[property].Value?.ToString();

    private static string Abilities(PSObject status) =>
        string.Join(' ', new[] { "Catalog", "CatalogPaging", "TagPaging", "Referrers", "Delete" }.Select(ability => Text(status, ability) ?? "-"));
}
