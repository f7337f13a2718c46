using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>A paged list of names, followed from link to link.</summary>
internal sealed class NameList<T>(RegistryTransport transport, string property, int pageSize)
    where T : class, ISpanParsable<T>
{
    /// <summary>Registries that hide what a user may not see send pages with nothing on them, but not for ever.</summary>
    private const int MostEmptyPages = 1000;

    private readonly PageSize _pageSize = new(pageSize);

    private RegistryAddress Registry => transport.Faults.Registry;

    /// <summary>The pages of the list at <paramref name="path"/>, each handed out before the next is asked for.</summary>
    public async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync(
        string path, Asked asked, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (uri, page) = await FirstAsync(path, asked, after, cancellationToken);
        var seen = new HashSet<Uri> { uri };
        var emptyPages = 0;
        while (true)
        {
            yield return page.Names;
            if (page.Link is null)
                yield break;
            uri = transport.Locations.Resolve(uri, page.Link, "links to a next page");
            if (!seen.Add(uri))
                throw Fault(uri, "links its pages in a circle");
            var next = await GetAsync(uri, asked, cancellationToken);
            if (next.Names.Count > 0 && next.Names.SequenceEqual(page.Names))
                throw Fault(uri, "sends the same page again");
            emptyPages = next.Names.Count > 0 ? 0 : emptyPages + 1;
            if (emptyPages > MostEmptyPages)
                throw Fault(uri, "links page after page without a name in them");
            page = next;
        }
    }

    private async ValueTask<(Uri Uri, NamePage<T> Page)> FirstAsync(string path, Asked asked, string? after, CancellationToken cancellationToken)
    {
        while (true)
        {
            var size = _pageSize.Current;
            var uri = First(path, size, after);
            try
            {
                return (uri, await GetAsync(uri, asked, cancellationToken));
            }
            catch (RegistryRequestException fault)
                when (fault.Errors is [{ Code: { } code }, ..] && code == ErrorCode.PaginationNumberInvalid && _pageSize.Lower(size))
            {
                // Asked again, with less.
            }
        }
    }

    private async ValueTask<NamePage<T>> GetAsync(Uri uri, Asked asked, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.SendAsync(
                Call.Get(uri), asked, (answer, token) => NamePage<T>.ReadAsync(property, answer, transport, token), cancellationToken);
        }
        catch (RegistryRequestException fault) when (fault is { Failure: RegistryFailure.NotARegistry, Status: 404 })
        {
            // A 404 without an envelope: no registry at all, or one that lacks this list. Its base tells.
            await transport.PingAsync(cancellationToken);
            throw Refusals.NotOffered(fault, asked);
        }
    }

    private Uri First(string path, int size, string? after)
    {
        var last = after is null ? "" : $"last={Uri.EscapeDataString(after)}";
        var query = size == 0 ? last : FormattableString.Invariant($"n={size}{(last.Length == 0 ? "" : "&")}{last}");
        return new Uri(Registry.BaseUri, query.Length == 0 ? path : $"{path}?{query}");
    }

    private RegistryRequestException Fault(Uri uri, string what) => transport.Faults.New(RegistryFailure.ProtocolFault, uri, $"{Registry} {what}.");
}
