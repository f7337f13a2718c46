using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Http;

/// <summary><c>/v2/_catalog</c> and <c>/v2/&lt;name&gt;/tags/list</c> (OCI distribution spec, "Listing tags"; Docker registry API, "Catalog").</summary>
internal sealed class ListEndpoints(RegistryContext registry)
{
    /// <summary>The page that clients get who ask for no size.</summary>
    private const int CatalogPage = 100;

    public async ValueTask<Refusal> GetCatalogAsync(HttpContext context)
    {
        var largest = registry.Configuration.Catalog.MaxEntries;
        if (!Paging.TryRead(context.Request.Query, Math.Min(CatalogPage, largest), largest, out var paging, out var malformed))
            return malformed;
        var names = registry.Registry.ListRepositoriesAsync(paging.Last, context.RequestAborted);
        if (context.Features.Get<AccessRights>() is { PullsEverything: false } rights)
            names = names.Where(name => rights.MayPull(name.ToString()));
        var page = await TakeAsync(context, names, paging);
        var body = JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("repositories"u8);
            foreach (var name in page)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        await JsonText.AnswerAsync(context, MediaTypes.Json, body.WrittenMemory);
        return Refusal.None;
    }

    public async ValueTask<Refusal> GetTagsAsync(HttpContext context, RepositoryName name)
    {
        if (!Paging.TryRead(context.Request.Query, sizeWhenNotAsked: null, registry.Configuration.Tags.MaxTags, out var paging, out var malformed))
            return malformed;
        var repository = registry.Registry.GetRepository(name);
        var page = await TakeAsync(context, repository.Tags.ListAsync(paging.Last, context.RequestAborted), paging);
        if (page.Count == 0 && !await repository.ExistsAsync(context.RequestAborted))
            return ErrorCode.NameUnknown.With($"there is no repository {name}.", ("name", name.ToString()));
        var body = JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name.ToString());
            json.WriteStartArray("tags"u8);
            foreach (var tag in page)
                json.WriteStringValue(tag);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        await JsonText.AnswerAsync(context, MediaTypes.Json, body.WrittenMemory);
        return Refusal.None;
    }

    /// <summary>One page, and a Link when there is more behind it.</summary>
    private static async ValueTask<List<string>> TakeAsync<T>(HttpContext context, IAsyncEnumerable<T> items, Paging paging)
        where T : notnull
    {
        var page = new List<string>();
        if (paging.Size == 0)
            return page;
        await foreach (var item in items)
        {
            if (page.Count == paging.Size)
            {
                context.Response.Headers.Link = paging.LinkAfter(context.Request, page[^1]);
                break;
            }
            page.Add(item.ToString()!);
        }
        return page;
    }
}
