using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PSRegistry.Server.Configuration;

/// <summary>Turns the parser's graph into a tree: aliases followed, merge keys (<c>&lt;&lt;</c>) applied, scalars typed.</summary>
internal sealed class YamlConverter(Func<long, Origin> at)
{
    // Each anchor is converted once; without this a few nested aliases would multiply into millions of nodes.
    private readonly Dictionary<YamlNode, ConfigurationNode> _done = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<YamlNode> _open = new(ReferenceEqualityComparer.Instance);

    public ConfigurationNode Convert(YamlNode node)
    {
        if (_done.TryGetValue(node, out var done)) return done;
        if (!_open.Add(node)) throw new YamlException(node.Start, node.End, "an anchor contains itself");

        ConfigurationNode converted = node switch
        {
            YamlMappingNode mapping => Mapping(mapping),
            YamlSequenceNode sequence => new SequenceNode(at(node.Start.Line), [.. sequence.Select(Convert)]),
            YamlScalarNode scalar => Scalar(scalar),
            _ => throw new YamlException(node.Start, node.End, "an alias has no anchor"),
        };
        _open.Remove(node);
        return _done[node] = converted;
    }

    private ScalarNode Scalar(YamlScalarNode scalar)
    {
        var type = ScalarTypes.Of(scalar)
            ?? throw new YamlException(scalar.Start, scalar.End, "a value is not of the type its tag names");
        return new ScalarNode(at(scalar.Start.Line), Decode(scalar), type);
    }

    private static string Decode(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific || scalar.Tag.Value != "tag:yaml.org,2002:binary") return text;
        var bytes = new byte[text.Length];
        return System.Convert.TryFromBase64String(text, bytes, out var written)
            ? Encoding.UTF8.GetString(bytes, 0, written)
            : throw new YamlException(scalar.Start, scalar.End, "a !!binary value is not base64");
    }

    private MappingNode Mapping(YamlMappingNode mapping)
    {
        var written = new List<MappingEntry>();
        var merged = new List<MappingEntry>();
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode name) throw new YamlException(key.Start, key.End, "a key is not a single value");
            if (name is { Value: "<<", Style: ScalarStyle.Plain }) merged.AddRange(Merged(value));
            else written.Add(new MappingEntry(name.Value ?? "", at(name.Start.Line), Convert(value)));
        }

        // What the map says itself comes before what it merges, and an earlier merge before a later one.
        var entries = written.Concat(merged).DistinctBy(entry => entry.Key);
        return new MappingNode(at(mapping.Start.Line), [.. entries]);
    }

    private IEnumerable<MappingEntry> Merged(YamlNode value) => Convert(value) switch
    {
        MappingNode mapping => mapping.Entries,
        SequenceNode sequence when sequence.Items.All(item => item is MappingNode) =>
            sequence.Items.SelectMany(item => ((MappingNode)item).Entries),
        _ => throw new YamlException(value.Start, value.End, "a merge key (<<) takes a map or a list of maps"),
    };
}
