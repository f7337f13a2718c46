using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>
/// Lays <c>REGISTRY_*</c> variables over the file. A name is a path (<c>REGISTRY_HTTP_ADDR</c> is <c>http.addr</c>) and a value is
/// YAML that replaces what was there, map or not. Names apply in byte order, so <c>REGISTRY_STORAGE</c> comes before
/// <c>REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY</c>, which reaches into it.
/// </summary>
internal sealed class EnvironmentOverlay(FaultList faults, bool strict)
{
    /// <summary>Names the file itself, and so is no key in it.</summary>
    private const string FileVariable = "REGISTRY_CONFIGURATION_PATH";

    /// <summary>Tells podman, skopeo and buildah where their logins are. Whoever has it set means them, and starts registries too.</summary>
    private const string LoginsOfPodman = "REGISTRY_AUTH_FILE";

    private readonly UnknownKey _unknown = new(faults, strict);

    public MappingNode Apply(MappingNode tree, IReadOnlyDictionary<string, string> environment)
    {
        // The names alone: to sort pairs, each start of the portable program would compile thirty methods.
        string[] names = [.. environment.Keys.Where(name => name.StartsWith(KeyTree.VariablePrefix, StringComparison.Ordinal))];
        Array.Sort(names, StringComparer.Ordinal);
        foreach (var name in names)
        {
            var assignment = new Assignment(new Origin(name), environment[name]);
            var path = name[KeyTree.VariablePrefix.Length..].Split('_');
            if (name is FileVariable or LoginsOfPodman) continue;
            if (path is ["VERSION"]) WarnOfVersion(assignment);
            else if (Place(KeyTree.Root, tree, path, "", assignment) is MappingNode changed) tree = changed;
        }
        return tree;
    }

    /// <summary>The node with the value put in at the path; null when a fault was reported and nothing changes.</summary>
    private ConfigurationNode? Place(
        SchemaKey key, ConfigurationNode? current, ReadOnlySpan<string> path, string at, Assignment assignment)
    {
        if (path.IsEmpty) return Parse(key, at, assignment);
        return key.Kind switch
        {
            KeyKind.Section or KeyKind.OneOf or KeyKind.Choice => PlaceInSection(key, current, path, at, assignment),
            KeyKind.List or KeyKind.TextList => PlaceInList(key, current, path, at, assignment),
            KeyKind.HeaderMap or KeyKind.NameMap or KeyKind.TextMap or KeyKind.FreeForm => PlaceInMap(key, current, path, at, assignment),
            _ => Unknown(key, path[0], at, assignment),
        };
    }

    private MappingNode? PlaceInSection(
        SchemaKey key, ConfigurationNode? current, ReadOnlySpan<string> path, string at, Assignment assignment)
    {
        if (key.ChildByVariable(path[0]) is not { } child)
            return Unknown(key, path[0], at, assignment) as MappingNode;
        if (As<MappingNode>(current, at, assignment, out var map)) map ??= MappingNode.Empty(assignment.Origin);
        else return null;
        var placed = Place(child, map.Find(child.Name), path[1..], Join(at, child.Name), assignment);
        return placed is null ? null : map.With(child.Name, placed, assignment.Origin);
    }

    private SequenceNode? PlaceInList(
        SchemaKey key, ConfigurationNode? current, ReadOnlySpan<string> path, string at, Assignment assignment)
    {
        if (As<SequenceNode>(current, at, assignment, out var list)) list ??= new SequenceNode(assignment.Origin, []);
        else return null;
        if (!int.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > list.Items.Count)
        {
            faults.Error(at, assignment.Origin, $"{path[0]} is no index of this list, which has {list.Items.Count} items",
                "Number the variables from the length of the file's list on, without gaps");
            return null;
        }
        var item = index < list.Items.Count ? list.Items[index] : null;
        var placed = key.Item is null && path.Length > 1
            ? Unknown(key, path[1], at, assignment)
            : Place(key.Item ?? key, item, path[1..], $"{at}[{index}]", assignment);
        return placed is null ? null : list.With(index, placed);
    }

    /// <summary>Names of the operator's own: an existing one is met without regard to case, a new one is lower case.</summary>
    private MappingNode? PlaceInMap(
        SchemaKey key, ConfigurationNode? current, ReadOnlySpan<string> path, string at, Assignment assignment)
    {
        if (As<MappingNode>(current, at, assignment, out var map)) map ??= MappingNode.Empty(assignment.Origin);
        else return null;
        var part = path[0];
        var existing = map.Entries.FirstOrDefault(entry => entry.Key.Equals(part, StringComparison.OrdinalIgnoreCase));
        var name = existing?.Key ?? part.ToLowerInvariant();
        var inner = Join(at, name);
        var placed = key.Kind switch
        {
            _ when path.Length == 1 => Parse(key, inner, assignment),
            KeyKind.HeaderMap or KeyKind.NameMap => PlaceInList(key, map.Find(name), path[1..], inner, assignment),
            KeyKind.FreeForm => Place(key, map.Find(name), path[1..], inner, assignment),
            _ => Unknown(key, path[1], inner, assignment),
        };
        return placed is null ? null : map.With(name, placed, assignment.Origin);
    }

    private ConfigurationNode? Parse(SchemaKey key, string at, Assignment assignment)
    {
        var before = faults.Count;
        var value = new YamlReader(assignment.Origin.Source, at, faults).Read(assignment.Value);
        if (value is null && faults.Count > before) return null;
        return OneOfForm.Expand(key, value ?? new ScalarNode(assignment.Origin, "", ScalarType.Null));
    }

    /// <summary>Whether the node is of this type or nothing; else the file has something there that cannot be reached into.</summary>
    private bool As<T>(ConfigurationNode? current, string at, Assignment assignment, out T? node)
        where T : ConfigurationNode
    {
        node = current as T;
        if (node is not null || current is null or ScalarNode { IsNull: true }) return true;
        faults.Error(at, assignment.Origin,
            $"{current.Origin} has {current.Description} here, which holds no such key", "Correct one of the two");
        return false;
    }

    private ConfigurationNode? Unknown(SchemaKey key, string part, string at, Assignment assignment)
    {
        _unknown.ReportVariable(key, Join(at, part.ToLowerInvariant()), part, assignment.Origin, assignment.Value);
        return null;
    }

    // Images like to say which version they hold; the original takes the variable and never looks at it.
    private void WarnOfVersion(Assignment assignment) =>
        faults.Warning("version", assignment.Origin, "the version comes from the file; this is ignored", "Unset it");

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private sealed record Assignment(Origin Origin, string Value);
}
