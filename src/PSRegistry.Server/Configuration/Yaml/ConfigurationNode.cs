namespace PSRegistry.Server.Configuration;

/// <summary>
/// A piece of YAML with aliases and merge keys resolved and its origin kept. Immutable: a node that an alias put into
/// two places is one object, and overriding one place must leave the other alone.
/// </summary>
internal abstract record ConfigurationNode(Origin Origin)
{
    /// <summary>What the node is, in words for a fault.</summary>
    public abstract string Description { get; }
}

/// <summary>Keys in the order of the file. Keys are unique: the parser refuses doubles.</summary>
internal sealed record MappingNode(Origin Origin, IReadOnlyList<MappingEntry> Entries) : ConfigurationNode(Origin)
{
    public override string Description => "a map";

    public static MappingNode Empty(Origin origin) => new(origin, []);

    public ConfigurationNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    /// <summary>The map with this key set; an existing key keeps its place.</summary>
    public MappingNode With(string key, ConfigurationNode value, Origin origin)
    {
        var entry = new MappingEntry(key, origin, value);
        return Entries.Any(existing => existing.Key == key)
            ? this with { Entries = [.. Entries.Select(existing => existing.Key == key ? entry : existing)] }
            : this with { Entries = [.. Entries, entry] };
    }
}

/// <summary>One key and its value.</summary>
internal sealed record MappingEntry(string Key, Origin Origin, ConfigurationNode Value);

/// <summary>A list.</summary>
internal sealed record SequenceNode(Origin Origin, IReadOnlyList<ConfigurationNode> Items) : ConfigurationNode(Origin)
{
    public override string Description => "a list";

    /// <summary>The list with this item replaced, or appended when the index is the length.</summary>
    public SequenceNode With(int index, ConfigurationNode item) =>
        this with { Items = [.. Items.Take(index), item, .. Items.Skip(index + 1)] };
}

/// <summary>A single value.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Text">The characters, which a text key takes whatever their type.</param>
/// <param name="Type">What a typed key or a free one makes of them.</param>
internal sealed record ScalarNode(Origin Origin, string Text, ScalarType Type) : ConfigurationNode(Origin)
{
    public bool IsNull => Type is ScalarType.Null;

    public override string Description => Type switch
    {
        ScalarType.Null => "nothing",
        ScalarType.Boolean => "a boolean",
        ScalarType.Integer or ScalarType.Real => "a number",
        _ => "text",
    };
}
