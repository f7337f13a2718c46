namespace PSRegistry.Server.Configuration;

/// <summary>Holds the finished tree against the key table: unknown keys, wrong shapes, and keys this version cannot serve.</summary>
internal sealed class SchemaCheck(FaultList faults, bool strict)
{
    private readonly UnknownKey _unknown = new(faults, strict);

    public void Check(MappingNode root) => CheckMap(KeyTree.Root, root, "", stateReported: false);

    private void Check(SchemaKey key, ConfigurationNode value, string path, Origin origin, bool stateReported)
    {
        stateReported |= ReportState(key, value, path, origin, stateReported);
        if (ValueShape.Expected(key.Kind, value) is { } expected)
        {
            faults.Error(path, value.Origin, $"this is {value.Description} of another shape than the key takes", $"Write {expected}");
            return;
        }

        switch (value)
        {
            case MappingNode map when key.IsSection:
                CheckMap(key, map, path, stateReported);
                break;
            case SequenceNode list when key.Item is { } item:
                for (var i = 0; i < list.Items.Count; i++)
                    Check(item, list.Items[i], $"{path}[{i}]", list.Items[i].Origin, stateReported);
                break;
            case ScalarNode scalar when key.Kind is KeyKind.Duration:
                WarnOfNanoseconds(scalar, path);
                break;
        }
    }

    private void CheckMap(SchemaKey section, MappingNode map, string path, bool stateReported)
    {
        foreach (var entry in map.Entries)
        {
            var inner = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            if (section.Child(entry.Key) is { } child) Check(child, entry.Value, inner, entry.Origin, stateReported);
            else _unknown.Report(section, inner, entry.Key, entry.Origin);
        }
        if (section.Kind is KeyKind.OneOf) RefuseSecondChoice(section, map, path);
    }

    private void RefuseSecondChoice(SchemaKey section, MappingNode map, string path)
    {
        var choices = map.Entries.Where(entry => section.Child(entry.Key)?.Kind is null or KeyKind.Choice).ToList();
        foreach (var second in choices.Skip(1))
        {
            faults.Error($"{path}.{second.Key}", second.Origin,
                $"{choices[0].Key} ({choices[0].Origin}) is already chosen, and there can be one only",
                $"Keep one of {string.Join(", ", choices.Select(choice => $"{path}.{choice.Key}"))}");
        }
    }

    private bool ReportState(SchemaKey key, ConfigurationNode value, string path, Origin origin, bool stateReported)
    {
        if (stateReported || key.State is KeyState.Supported || key.Row?.State is null || !TurnedOn.Is(key, value)) return false;
        var remedy = key.Row.Remedy ?? "Remove it, or stay with the registry that has it until this one does";
        switch (key.State)
        {
            case KeyState.NotYetProtecting:
                faults.Error(path, origin, "not supported yet, and it is not safe to start without it", remedy);
                break;
            case KeyState.NotYetTuning:
                faults.Warning(path, origin, "not supported yet; the registry runs without it", remedy);
                break;
            case KeyState.Deprecated:
                faults.Warning(path, origin, "deprecated", remedy);
                break;
        }
        return true;
    }

    private void WarnOfNanoseconds(ScalarNode scalar, string path)
    {
        if (scalar.Type is ScalarType.Text || !Scalars.TryInteger(scalar, out var number) || number == 0) return;
        faults.Warning(path, scalar.Origin, $"{scalar.Text} without a unit is that many nanoseconds", $"Write {scalar.Text}s for seconds");
    }
}
