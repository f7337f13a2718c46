using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>Which part of a list is asked for: <c>?n=&lt;size&gt;&amp;last=&lt;the last of the page before&gt;</c>.</summary>
/// <param name="Size">How many; null for all.</param>
/// <param name="Last">Begin behind this; null for the first.</param>
internal readonly record struct Paging(int? Size, string? Last)
{
    /// <summary>Reads <c>n</c> and <c>last</c>. A page larger than allowed is cut and linked, never refused.</summary>
    public static bool TryRead(IQueryCollection query, int? sizeWhenNotAsked, int largest, out Paging paging, [NotNullWhen(false)] out RegistryError? error)
    {
        error = null;
        paging = new Paging(sizeWhenNotAsked, NullWhenEmpty(query["last"].ToString()));
        var text = query["n"].ToString();
        if (text.Length == 0)
            return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            error = ErrorCode.PaginationNumberInvalid.With($"'{text}' is no number of entries; n must be 0 or more.", ("n", text));
            return false;
        }
        paging = paging with { Size = (int)Math.Min(size, largest) };
        return true;
    }

    /// <summary>The Link to the page behind <paramref name="last"/>, relative: right behind every proxy that keeps the path.</summary>
    public string LinkAfter(HttpRequest request, string last, string? moreQuery = null) =>
        $"<{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}?last={Uri.EscapeDataString(last)}&n={Size}{moreQuery}>; rel=\"next\"";

    private static string? NullWhenEmpty(string text) => text.Length == 0 ? null : text;
}
