namespace PSRegistry.Server.Configuration;

/// <summary>A node of the tree that the key table spans.</summary>
internal sealed class SchemaKey(string name, string path, SchemaKey? parent)
{
    private readonly Dictionary<string, SchemaKey> _children = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>The full path, with <c>[]</c> for the items of a list.</summary>
    public string Path { get; } = path;

    /// <summary>How the original's environment variables spell this key, where they do not spell the YAML's name.</summary>
    public string? Alias { get; set; }

    public KeyRow? Row { get; set; }

    /// <summary>The section that each item of this list is.</summary>
    public SchemaKey? Item { get; private set; }

    public IReadOnlyCollection<SchemaKey> Children => _children.Values;

    public KeyKind Kind => Row?.Kind ?? KeyKind.Section;

    /// <summary>The state of this key, or of the nearest key above that declares one.</summary>
    public KeyState State => Row?.State ?? parent?.State ?? KeyState.Supported;

    /// <summary>Whether a new value counts while the registry runs.</summary>
    public bool IsLive => Row?.Live ?? parent?.IsLive ?? false;

    public bool RefusesUnknown =>
        Kind is KeyKind.OneOf or KeyKind.Choice
        || Row is { RefusesUnknown: true }
        || (parent is { RefusesUnknown: true } && parent.Kind is not KeyKind.OneOf);

    /// <summary>Whether the key holds other keys of the table.</summary>
    public bool IsSection => Kind is KeyKind.Section or KeyKind.OneOf or KeyKind.Choice;

    /// <summary>The variable that sets this key, as it is best written.</summary>
    public string Variable =>
        KeyTree.VariablePrefix + Path.Replace("[]", ".0", StringComparison.Ordinal).Replace('.', '_').ToUpperInvariant();

    public SchemaKey? Child(string key) => _children.GetValueOrDefault(key);

    /// <summary>The child that a part of a variable's name means; only upper case counts, as in the original.</summary>
    public SchemaKey? ChildByVariable(string part) =>
        part.Any(char.IsAsciiLetterLower)
            ? null
            : _children.Values.FirstOrDefault(child =>
                part.Equals(child.Name, StringComparison.OrdinalIgnoreCase)
                || part.Equals(child.Alias, StringComparison.OrdinalIgnoreCase));

    public SchemaKey GetOrAddChild(string key)
    {
        if (_children.TryGetValue(key, out var child)) return child;
        return _children[key] = new SchemaKey(key, Path.Length == 0 ? key : $"{Path}.{key}", this);
    }

    public SchemaKey GetOrAddItem() => Item ??= new SchemaKey("", Path + "[]", this);
}
