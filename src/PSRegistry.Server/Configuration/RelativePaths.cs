namespace PSRegistry.Server.Configuration;

/// <summary>
/// Relative paths in a configuration are those of the folder that its user stands in, as for the original. That is the process's own
/// folder, except in a shell that keeps one for each of its sessions: there they are made absolute.
/// </summary>
internal static class RelativePaths
{
    private static readonly string[] Keys =
    [
        "storage.filesystem.rootdirectory", "auth.htpasswd.path", "auth.token.rootcertbundle", "auth.token.jwks",
        "http.tls.certificate", "http.tls.key", "log.audit.path", "http.tls.clientcas[]", "health.file[].file", "notifications.outbox.path",
    ];

    public static MappingNode Anchor(MappingNode root, string? folder)
    {
        if (folder is null)
            return root;
        var isSocket = root.Find("http") is MappingNode http && http.Find("net") is ScalarNode { Text: "unix" };
        return Keys.Concat(isSocket ? ["http.addr"] : [])
            .Aggregate(root, (tree, key) => (MappingNode)Anchor(tree, key.Replace("[]", ".[]", StringComparison.Ordinal).Split('.'), folder));
    }

    private static ConfigurationNode Anchor(ConfigurationNode node, ReadOnlySpan<string> path, string folder)
    {
        if (path.IsEmpty)
            return node is ScalarNode { IsNull: false, Text.Length: > 0 } scalar ? scalar with { Text = Path.GetFullPath(scalar.Text, folder) } : node;
        if (path[0] == "[]" && node is SequenceNode list)
        {
            for (var i = 0; i < list.Items.Count; i++)
                list = list.With(i, Anchor(list.Items[i], path[1..], folder));
            return list;
        }
        return node is MappingNode map && map.Find(path[0]) is { } child ? map.With(path[0], Anchor(child, path[1..], folder), child.Origin) : node;
    }
}
