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
        SequenceNode list => list.Items.Any(item => key.Item is { } section ? Is(section, item) : !IsZero(item)),
        _ => !IsZero(value),
    };

    // Only a switch that is in the table counts: `enabled: false` under http.tls switches nothing off in the original.
    private static bool IsSwitchedOff(SchemaKey key, MappingNode map) =>
        (key.Child("enabled") is not null && Scalars.TryBoolean(map.Find("enabled"), out var enabled) && !enabled)
        || (key.Child("disabled") is not null && Scalars.TryBoolean(map.Find("disabled"), out var disabled) && disabled);

    private static bool AsksForSomething(SchemaKey key, MappingEntry entry) =>
        key.IsSection || key.Item is not null || key.Children.Count > 0
            ? key.Child(entry.Key) is { } child && Is(child, entry.Value)
            : !IsZero(entry.Value);

    private static bool IsZero(ConfigurationNode value) => value switch
    {
        ScalarNode { Type: ScalarType.Null } or ScalarNode { Text: "" } => true,
        ScalarNode { Type: ScalarType.Boolean } => Scalars.TryBoolean(value, out var flag) && !flag,
        ScalarNode { Type: ScalarType.Integer } => Scalars.TryInteger(value, out var number) && number == 0,
        _ => false,
    };
}
