namespace PSRegistry.Server.Configuration;

/// <summary>
/// Writes the short form of a choice out: <c>storage: inmemory</c> is <c>storage: {inmemory: {}}</c>. Done once, at the door, so
/// that later a variable can reach into the choice that an earlier one named.
/// </summary>
internal static class OneOfForm
{
    public static MappingNode ExpandAll(MappingNode root) => root with
    {
        Entries = [.. root.Entries.Select(entry => entry with { Value = Expand(KeyTree.Root.Child(entry.Key), entry.Value) })],
    };

    public static ConfigurationNode Expand(SchemaKey? key, ConfigurationNode value) =>
        key is { Kind: KeyKind.OneOf } && value is ScalarNode { IsNull: false } name
            ? MappingNode.Empty(value.Origin).With(name.Text, MappingNode.Empty(value.Origin), value.Origin)
            : value;
}
