namespace PSRegistry.Server.Configuration;

/// <summary>Whether a value has the shape that the kind of its key asks for; meaning (range, URL, ...) is the binders' matter.</summary>
internal static class ValueShape
{
    /// <summary>What is expected instead, or null when the shape is right.</summary>
    public static string? Expected(KeyKind kind, ConfigurationNode value) => kind switch
    {
        _ when value is ScalarNode { IsNull: true } => null,
        KeyKind.Section or KeyKind.Choice => value is MappingNode ? null : "a map of keys",
        KeyKind.OneOf => value is MappingNode ? null : "one name, or a map of keys",
        KeyKind.List => value is SequenceNode ? null : "a list",
        KeyKind.Text or KeyKind.Any => value is ScalarNode ? null : "one value",
        KeyKind.Flag => value is ScalarNode { Type: ScalarType.Boolean } ? null : "true or false, without quotes",
        KeyKind.Integer => Scalars.TryInteger(value, out _) ? null : "a whole number, without quotes",
        KeyKind.Duration => Scalars.TryDuration(value, out _) ? null : "a duration such as 90s, 1m30s or 168h",
        KeyKind.DurationText => value is ScalarNode { Type: ScalarType.Text } && Scalars.TryDuration(value, out _)
            ? null
            : "a duration with its unit, such as 90s, 1m30s or 168h",
        KeyKind.TextList => IsTextList(value) ? null : "a list of values, such as [a, b]",
        KeyKind.TextMap => value is MappingNode ? null : "a map of names and values",
        KeyKind.NameMap => value is MappingNode names && names.Entries.All(entry => IsTextList(entry.Value))
            ? null
            : "a map of names, each with a list of values, such as team: [ann, bob]",
        KeyKind.HeaderMap => value is MappingNode headers && headers.Entries.All(entry => IsTextList(entry.Value))
            ? null
            : "a map of header names, each with a list of values, such as X-Frame-Options: [deny]",
        _ => null,
    };

    private static bool IsTextList(ConfigurationNode value) =>
        value is ScalarNode { IsNull: true } || (value is SequenceNode list && list.Items.All(item => item is ScalarNode));
}
