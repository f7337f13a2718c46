using System.Buffers;
using System.Text.Json;
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
        using var body = new PooledBody();
        await WriteAsync(context, body, null, "repositories", names, paging);
        await JsonText.AnswerAsync(context, MediaTypes.Json, body.Written);
        return Refusal.None;
    }

    public async ValueTask<Refusal> GetTagsAsync(HttpContext context, RepositoryName name)
    {
        if (!Paging.TryRead(context.Request.Query, sizeWhenNotAsked: null, registry.Configuration.Tags.MaxTags, out var paging, out var malformed))
            return malformed;
        var repository = registry.Registry.GetRepository(name);
        using var body = new PooledBody();
        var count = await WriteAsync(context, body, name, "tags", repository.Tags.ListAsync(paging.Last, context.RequestAborted), paging);
        if (count == 0 && !await repository.ExistsAsync(context.RequestAborted))
            return ErrorCode.NameUnknown.With($"there is no repository {name}.", ("name", name.ToString()));
        await JsonText.AnswerAsync(context, MediaTypes.Json, body.Written);
        return Refusal.None;
    }

    /// <summary>Writes one page, as it is read, and a Link when there is more behind it.</summary>
    /// <returns>How many items the page has.</returns>
    private static async ValueTask<int> WriteAsync<T>(
        HttpContext context, PooledBody body, RepositoryName? name, string list, IAsyncEnumerable<T> items, Paging paging)
        where T : notnull
    {
        await using var json = new Utf8JsonWriter(body, JsonText.Options);
        json.WriteStartObject();
        if (name is not null)
            json.WriteString("name"u8, name.ToString());
        json.WriteStartArray(list);
        var (count, last) = (0, "");
        if (paging.Size != 0)
        {
            await foreach (var item in items)
            {
                if (count == paging.Size)
                {
                    context.Response.Headers.Link = paging.LinkAfter(context.Request, last);
                    break;
                }
                last = item.ToString()!;
                json.WriteStringValue(last);
                count++;
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        body.Write("\n"u8);
        return count;
    }
}
