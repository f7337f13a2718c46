using System.Collections.Immutable;
using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>Lists the keys of a finished tree in the order of the key table, with the defaults that nobody overruled.</summary>
internal sealed class EffectiveKeys
{
    private readonly List<EffectiveKey> _keys = [];
    private bool _showHidden;

    /// <param name="root">The tree.</param>
    /// <param name="showHidden">Whether secrets are shown: to compare two trees, and for nobody to see.</param>
    public static ImmutableArray<EffectiveKey> Of(MappingNode root, bool showHidden = false)
    {
        var keys = new EffectiveKeys { _showHidden = showHidden };
        keys.AddSection(KeyTree.Root, root, []);
        return [.. keys._keys];
    }

    private void AddSection(SchemaKey section, MappingNode? map, ImmutableArray<string> at)
    {
        foreach (var key in section.Children)
        {
            var parts = at.Add(key.Name);
            if (map?.Find(key.Name) is { } value && (value is not ScalarNode { IsNull: true } || key.Kind is KeyKind.Choice))
                Add(key, value, parts);
            else if (IsThereWithoutAWord(key, section, map))
                AddDefaults(key, parts);
        }
        foreach (var unknown in (map?.Entries ?? []).Where(entry => section.Child(entry.Key) is null))
            AddValue(null, unknown.Key, unknown.Value, at.Add(unknown.Key));
    }

    /// <summary>A choice is made by being there, but for the storage, which has to be somewhere; TLS is spoken only when asked for.</summary>
    private static bool IsThereWithoutAWord(SchemaKey key, SchemaKey section, MappingNode? map) => key switch
    {
        { Path: "http.tls" } => false,
        { Path: "storage.filesystem" } => map is null || !map.Entries.Any(entry => section.Child(entry.Key)?.Kind is null or KeyKind.Choice),
        { Kind: KeyKind.Choice } => false,
        _ => key.State is KeyState.Supported or KeyState.Deprecated,
    };

    private void AddDefaults(SchemaKey key, ImmutableArray<string> parts)
    {
        if (key.IsSection)
            AddSection(key, null, parts);
        else if (KeyDefaults.All.TryGetValue(key.Path, out var text))
            _keys.Add(Key(parts, text, "default", isHidden: false));
    }

    private void Add(SchemaKey key, ConfigurationNode value, ImmutableArray<string> parts)
    {
        if (key.IsSection)
        {
            var before = _keys.Count;
            AddSection(key, value as MappingNode, parts);
            if (_keys.Count == before && key.Kind is KeyKind.Choice)
                _keys.Add(Key(parts, "{}", value.Origin.ToString(), isHidden: false));
        }
        else if (key.Item is { } item && value is SequenceNode list)
        {
            for (var i = 0; i < list.Items.Count; i++)
                AddSection(item, list.Items[i] as MappingNode, parts.Add(string.Create(CultureInfo.InvariantCulture, $"[{i}]")));
        }
        else if (key.Kind is KeyKind.HeaderMap or KeyKind.NameMap or KeyKind.TextMap && value is MappingNode map)
        {
            foreach (var entry in map.Entries)
                AddValue(key, entry.Key, entry.Value, parts.Add(entry.Key));
        }
        else
        {
            AddValue(key, key.Name, value, parts);
        }
    }

    private void AddValue(SchemaKey? key, string name, ConfigurationNode value, ImmutableArray<string> parts)
    {
        var text = FlowYaml.Write(value);
        var isHidden = !_showHidden && (HiddenValue.Is(key, name) || HiddenValue.HoldsLogin(text));
        _keys.Add(Key(parts, isHidden ? null : text, value.Origin.ToString(), isHidden));
    }

    private static EffectiveKey Key(ImmutableArray<string> parts, string? value, string origin, bool isHidden) =>
        new(string.Join('.', parts).Replace(".[", "[", StringComparison.Ordinal), value, origin, isHidden) { Parts = parts };
}
