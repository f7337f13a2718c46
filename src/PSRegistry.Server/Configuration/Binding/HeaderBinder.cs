using System.Buffers;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds a map of headers, and refuses what could not be sent or would end the header early.</summary>
internal static class HeaderBinder
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Bind(ValueReader values, string at)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in (values.Node(at) as MappingNode)?.Entries ?? [])
        {
            var path = $"{at}.{entry.Key}";
            var items = (entry.Value as SequenceNode)?.Items.OfType<ScalarNode>().Select(item => item.Text).ToList() ?? [];
            if (entry.Key.Length == 0 || entry.Key.AsSpan().ContainsAnyExcept(TokenCharacters))
                values.Faults.Error(path, entry.Origin, "this is not the name of a header", "Write a name such as X-Frame-Options");
            else if (items.Exists(item => item.Any(char.IsControl)))
                values.Faults.Error(path, entry.Origin, "a value holds a line break or another control character", "Write it on one line");
            else if (items.Count > 0)
                headers[entry.Key] = headers.TryGetValue(entry.Key, out var earlier) ? [.. earlier, .. items] : items.AsReadOnly();
        }
        return headers.AsReadOnly();
    }
}
