using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Lists;

public sealed class CatalogTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        await Http.PushAsync(_registry.Server.Uri, Token, "bitnami/redis:7", "nginx:1.25", "nginx:1.26", "nginx:latest", "team/app:v1", "team/web:v2");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public void The_catalog_of_a_registry_is_objects_with_its_name() =>
        Assert.Equal(
            [(Registry, "bitnami/redis"), (Registry, "nginx"), (Registry, "team/app"), (Registry, "team/web")],
            _session.Run($"Get-RegistryCatalog -Registry {Registry}").Select(found => (found.Get<string>("Registry"), found.Get<string>("Repository"))));

    [Theory]
    [InlineData("team/*", "team/app team/web")]
    [InlineData("*redis,nginx", "bitnami/redis nginx")]
    [InlineData("TEAM/*", "")]
    public void Names_are_matched_by_wildcards_in_their_letter_case(string pattern, string expected) =>
        Assert.Equal(expected, string.Join(' ', _session.Run($"Get-RegistryCatalog {pattern} -Registry {Registry} | ForEach-Object Repository").Texts()));

    [Fact]
    public void Tags_of_the_whole_catalog_come_in_its_order() =>
        Assert.Equal(
            new[] { "bitnami/redis:7", "nginx:1.25", "nginx:1.26", "nginx:latest", "team/app:v1", "team/web:v2" }.Select(image => $"{Registry}/{image}"),
            _session.Run($"Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag").Texts());

    [Theory]
    [InlineData("nginx", "nginx:1.25 nginx:1.26 nginx:latest")]
    [InlineData("team/* -Tag v1", "team/app:v1")]
    [InlineData("nginx 1.*", "nginx:1.25 nginx:1.26")]
    [InlineData("nginx 1.*, latest", "nginx:1.25 nginx:1.26 nginx:latest")]
    public void Tags_are_found_by_repository_and_pattern(string arguments, string expected) =>
        Assert.Equal(expected.Split(' ').Select(image => $"{Registry}/{image}"), _session.Run($"Get-RegistryTag {arguments} -Registry {Registry}").Texts());

    [Fact]
    public void A_name_may_begin_with_its_registry_as_docker_writes_it() =>
        Assert.Equal([$"{Registry}/team/app:v1"], _session.Run($"Get-RegistryTag {Registry}/team/app").Texts());

    [Fact]
    public void Names_come_from_the_pipeline_too() =>
        Assert.Equal([$"{Registry}/team/app:v1", $"{Registry}/team/web:v2"], _session.Run($"'team/app', 'team/web' | Get-RegistryTag -Registry {Registry}").Texts());

    [Fact]
    public void Several_registries_are_read_in_the_order_in_which_they_are_named()
    {
        var own = Assert.Single(_session.Run("Start-RegistryServer -InMemory")).Get<string>("Registry");
        Assert.Equal(4, _session.Run($"'{own}', '{Registry}' | Get-RegistryCatalog").Count);
        Assert.Empty(_session.Run("Get-RegistryCatalog"));
    }

    [Fact]
    public void Without_a_registry_several_servers_are_too_many()
    {
        _session.Run("1..2 | ForEach-Object { Start-RegistryServer -InMemory }");
        Assert.Equal("SeveralRegistries,PSRegistry.Commands.GetRegistryCatalogCommand", _session.Fails("Get-RegistryCatalog").FullyQualifiedErrorId);
    }

    [Fact]
    public void One_missing_repository_is_an_error_of_its_own_and_the_others_go_on()
    {
        var (output, errors, _) = _session.RunWithErrors($"'nginx', 'gone', 'team/app' | Get-RegistryTag -Registry {Registry}");
        Assert.Equal(4, output.Count);
        var error = Assert.Single(errors);
        Assert.Equal("RegistryContentNotFound,PSRegistry.Commands.GetRegistryTagCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal($"{Registry}/gone", error.TargetObject);
        Assert.Contains("gone", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-RegistryTag Not_A_Name!", "InvalidRepositoryName", ErrorCategory.InvalidArgument)]
    [InlineData("Get-RegistryCatalog -Registry 'http://ann:secret@x'", "InvalidRegistryAddress", ErrorCategory.InvalidArgument)]
    [InlineData("Get-RegistryCatalog -Registry 127.0.0.1:1", "RegistryUnreachable", ErrorCategory.ConnectionError)]
    [InlineData("Get-RegistryCatalog -Registry registry.invalid", "RegistryHostUnknown", ErrorCategory.ConnectionError)]
    public void A_slip_has_an_error_with_an_id_and_a_category(string script, string id, ErrorCategory category)
    {
        var error = _session.Fails(script);
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.DoesNotContain("secret", error.ToString() + error.TargetObject, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_that_is_broken_off_writes_no_more()
    {
        var output = _session.Run($"foreach ($i in 1) {{ Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag | ForEach-Object {{ $_; break }} }}");
        Assert.Equal($"{Registry}/bitnami/redis:7", Assert.Single(output).ToString());
    }

    [Fact]
    public async Task Two_runspaces_read_at_the_same_time()
    {
        using var other = new Session();
        var script = $"1..20 | ForEach-Object {{ Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag }}";
        var both = await Task.WhenAll(Task.Run(() => _session.Run(script), Token), Task.Run(() => other.Run(script), Token));
        Assert.All(both, output => Assert.Equal(20 * 6, output.Count));
    }
}
