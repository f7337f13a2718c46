namespace PSRegistry.Server.Configuration;

/// <summary>The key table as a tree, built once.</summary>
internal static class KeyTree
{
    public const string VariablePrefix = "REGISTRY_";

    public static SchemaKey Root { get; } = Build(KeyTable.Rows);

    /// <summary>Every key of the table, parents first.</summary>
    public static IEnumerable<SchemaKey> All => Below(Root);

    private static SchemaKey Build(IEnumerable<KeyRow> rows)
    {
        var root = new SchemaKey("", "", null);
        foreach (var row in rows)
            foreach (var path in Expand(row.Pattern))
                Find(root, path).Row = row;
        return root;
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        return open < 0
            ? [pattern]
            : pattern[(open + 1)..^1].Split(',').Select(name => pattern[..open] + name.Trim());
    }

    private static SchemaKey Find(SchemaKey root, string path)
    {
        var key = root;
        foreach (var part in path.Split('.'))
        {
            var isItem = part.EndsWith("[]", StringComparison.Ordinal);
            var names = (isItem ? part[..^2] : part).Split('|');
            key = key.GetOrAddChild(names[0]);
            if (names.Length > 1) key.Alias = names[1];
            if (isItem) key = key.GetOrAddItem();
        }
        return key;
    }

    private static IEnumerable<SchemaKey> Below(SchemaKey key)
    {
        var inner = key.Item is null ? key.Children : [.. key.Children, key.Item];
        return inner.SelectMany(child => Below(child).Prepend(child));
    }
}
