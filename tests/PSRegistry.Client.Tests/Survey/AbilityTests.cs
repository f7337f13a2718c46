using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Survey;

public sealed class AbilityTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ours_offers_everything_and_deletion_where_it_is_on(bool deletes)
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Storage = configuration.Storage with { DeleteEnabled = deletes },
        });
        await PushAsync(registry.Http, "a:1", "b:1", "b:2", "c:1", "d:1");
        using var client = Clients.Of(registry.Http.Address);
        var abilities = await client.SurveyAsync(probesDelete: true, cancellationToken: Token);
        Assert.Equal(new RegistryAbilities { Catalog = true, CatalogPaging = true, TagPaging = true, Referrers = true, Delete = deletes }, abilities);
        Assert.Equal(["a", "b", "c", "d"], await client.RepositoriesAsync());
    }

    [Fact]
    public async Task Without_content_what_pages_is_unknown()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var client = Clients.Of(registry.Http.Address);
        Assert.Equal(new RegistryAbilities { Catalog = true, Referrers = true }, await client.SurveyAsync(cancellationToken: Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_original_pages_its_catalog_and_neither_its_tags_nor_referrers(bool deletes)
    {
        await using var folder = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = folder.Path, DeleteEnabled = deletes }, Token);
        await PushAsync(original.Http, "a:1", "b:1", "b:2", "c:1", "d:1");
        using var client = Clients.Of(original.Http.Address);
        var abilities = await client.SurveyAsync(probesDelete: true, cancellationToken: Token);
        Assert.Equal(new RegistryAbilities { Catalog = true, CatalogPaging = true, TagPaging = false, Referrers = false, Delete = deletes }, abilities);
    }

    [Fact]
    public async Task What_is_refused_for_want_of_rights_is_unknown_and_a_request_to_delete_is_not_sent_unasked()
    {
        var methods = new List<string>();
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            methods.Add(context.Request.Method);
            return ScriptedServer.RefuseAsync(context, StatusCodes.Status403Forbidden, "DENIED");
        });
        using var client = Clients.Of(server.Address);
        Assert.Equal(RegistryAbilities.Unknown, await client.SurveyAsync(RepositoryName.Parse("a"), cancellationToken: Token));
        Assert.All(methods, method => Assert.Equal("GET", method));
    }

    [Fact]
    public async Task A_list_that_is_not_there_is_told_apart_from_one_that_may_not_be_seen()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/v2/_catalog" => ScriptedServer.RefuseAsync(context, StatusCodes.Status404NotFound, "UNSUPPORTED"),
            "/v2/a/tags/list" => ScriptedServer.AnswerAsync(context, """{"tags":["1","2"]}"""),
            _ => ScriptedServer.RefuseAsync(context, StatusCodes.Status404NotFound, "NAME_UNKNOWN"),
        });
        using var client = Clients.Of(server.Address);
        var abilities = await client.SurveyAsync(RepositoryName.Parse("a"), probesDelete: true, Token);
        Assert.Equal(new RegistryAbilities { Catalog = false, TagPaging = false, Referrers = false, Delete = null }, abilities);
    }

    private static async Task PushAsync(RegistryHttp http, params string[] images)
    {
        foreach (var image in images.Select(image => image.Split(':')))
            await TinyImages.PushAsync(http, image[0], image[1], TestBytes.Make(100), Token);
    }
}
