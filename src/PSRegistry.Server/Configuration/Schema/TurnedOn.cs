namespace PSRegistry.Server.Configuration;

/// <summary>
/// Tells whether a key asks for anything at all. A section that is empty, or switched off with a switch the original knows, is no
/// fault even when this version cannot serve it.
/// </summary>
internal static class TurnedOn
{
    public static bool Is(SchemaKey key, ConfigurationNode value) => value switch
    {
        _ when key.Kind is KeyKind.Choice => true,
        MappingNode map when key.Row?.TurnedOnBy is { } turnedOnBy =>
            map.Find(turnedOnBy) is { } decisive && Is(key.Child(turnedOnBy)!, decisive),
        MappingNode map => !IsSwitchedOff(key, map) && map.Entries.Any(entry => AsksForSomething(key, entry)),
        SequenceNode list => list.Items.Any(item => Is(key.Item ?? key, item)),
        ScalarNode scalar => !IsZero(scalar),
        _ => true,
    };

    // Only a switch that is in the table counts: `enabled: false` under http.tls switches nothing off in the original.
    private static bool IsSwitchedOff(SchemaKey key, MappingNode map) =>
        (key.Child("enabled") is not null && Scalars.TryBoolean(map.Find("enabled"), out var enabled) && !enabled)
        || (key.Child("disabled") is not null && Scalars.TryBoolean(map.Find("disabled"), out var disabled) && disabled);

    private static bool AsksForSomething(SchemaKey key, MappingEntry entry) =>
        key.IsSection || key.Item is not null || key.Children.Count > 0
            ? key.Child(entry.Key) is { } child && Is(child, entry.Value)
            : entry.Value is not ScalarNode scalar || !IsZero(scalar);

    private static bool IsZero(ScalarNode scalar) => scalar.Type switch
    {
        ScalarType.Null => true,
        ScalarType.Boolean => Scalars.TryBoolean(scalar, out var flag) && !flag,
        ScalarType.Integer => Scalars.TryInteger(scalar, out var number) && number == 0,
        ScalarType.Text => scalar.Text.Length == 0,
        _ => false,
    };
}
