using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>
/// Reads values by path for the binders. Shapes were checked before: what does not fit was reported, and reads as unset here.
/// </summary>
internal sealed class ValueReader(MappingNode root, FaultList faults)
{
    public FaultList Faults { get; } = faults;

    /// <summary>The node at the path, such as <c>http.addr</c> or <c>health.tcp[0].addr</c>; null when it is missing or null.</summary>
    public ConfigurationNode? Node(string path)
    {
        ConfigurationNode? node = root;
        foreach (var part in path.Split('.'))
            node = Step(node, part);
        return node is ScalarNode { IsNull: true } ? null : node;
    }

    /// <summary>Where the key is written, or the nearest one above it that is.</summary>
    public Origin Origin(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf('.'))])
        {
            if (Node(at) is { } node) return node.Origin;
        }
        return root.Origin;
    }

    public ScalarNode? Scalar(string path) => Node(path) as ScalarNode;

    public string? Text(string path) => Scalar(path)?.Text;

    public bool? Boolean(string path) => Scalars.TryBoolean(Node(path), out var flag) ? flag : null;

    public TimeSpan? Duration(string path, TimeSpan least)
    {
        if (!Scalars.TryDuration(Node(path), out var duration)) return null;
        if (duration >= least) return duration;
        Refuse(path, $"{Text(path)} is too short", least == TimeSpan.Zero ? "Write zero or more" : "Write more than zero");
        return null;
    }

    public int? Integer(string path, int least = 0)
    {
        if (!Scalars.TryInteger(Node(path), out var number)) return null;
        if (number >= least && number <= int.MaxValue) return (int)number;
        Refuse(path, $"{Text(path)} is out of range", $"Write a number from {least} to {int.MaxValue}");
        return null;
    }

    public IReadOnlyList<ConfigurationNode> Items(string path) => (Node(path) as SequenceNode)?.Items ?? [];

    /// <summary>The one of these names that the text says, in any case; unset or none of them (a fault) is null.</summary>
    public string? Choice(string path, params string[] names)
    {
        if (Text(path) is not { } text) return null;
        foreach (var name in names)
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase)) return name;
        Refuse(path, $"\"{text}\" is none of the values that this key takes", $"Write one of {string.Join(", ", names)}");
        return null;
    }

    public void Refuse(string path, string message, string remedy) =>
        Faults.Error(path, Origin(path), message, remedy);

    private static ConfigurationNode? Step(ConfigurationNode? node, string part)
    {
        if (!part.EndsWith(']')) return (node as MappingNode)?.Find(part);
        var open = part.IndexOf('[', StringComparison.Ordinal);
        var list = (node as MappingNode)?.Find(part[..open]) as SequenceNode;
        return list?.Items[int.Parse(part.AsSpan(open + 1, part.Length - open - 2), NumberStyles.None, CultureInfo.InvariantCulture)];
    }
}
