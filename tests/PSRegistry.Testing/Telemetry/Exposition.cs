using System.Globalization;
using System.Text.RegularExpressions;

namespace PSRegistry.Testing;

/// <summary>Metrics in the text format of Prometheus, read strictly: what a line may not be is a fault.</summary>
public sealed partial class Exposition
{
    private readonly List<Sample> _samples = [];

    /// <summary>Every sample.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>The type of each family: <c>counter</c>, <c>gauge</c>, <c>histogram</c> or <c>summary</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; private set; } = new Dictionary<string, string>();

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Exposition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var types = new Dictionary<string, string>();
        var exposition = new Exposition { Types = types };
        var seen = new HashSet<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TypeLine().Match(line) is { Success: true } type)
                types.Add(type.Groups[1].Value, type.Groups[2].Value);
            else if (!HelpLine().IsMatch(line))
                exposition._samples.Add(ParseSample(line, seen));
        }

        foreach (var sample in exposition._samples.Where(sample => exposition.FamilyOf(sample) is null))
            throw new FormatException($"{sample.Name} has no type");
        return exposition;
    }

    /// <summary>The value of the sample with that name and at least those labels, written as <c>name=value</c>; null for none.</summary>
    public double? Value(string name, params string[] labels) =>
        _samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.Contains(label))).Select(sample => (double?)sample.Value).FirstOrDefault();

    /// <summary>The family that a sample belongs to.</summary>
    public string? FamilyOf(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        string[] names = [sample.Name, .. new[] { "_bucket", "_sum", "_count" }.Where(sample.Name.EndsWith).Select(ending => sample.Name[..^ending.Length])];
        return Array.Find(names, Types.ContainsKey);
    }

    private static Sample ParseSample(string line, HashSet<string> seen)
    {
        var match = SampleLine().Match(line);
        if (!match.Success || !seen.Add(match.Groups["name"].Value + match.Groups["labels"].Value))
            throw new FormatException($"no sample, or one that was there before: {line}");
        var labels = Label().Matches(match.Groups["labels"].Value).Select(label => $"{label.Groups[1].Value}={label.Groups[2].Value}").ToHashSet();
        var value = match.Groups["value"].Value is "+Inf" ? double.PositiveInfinity : double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);
        return new Sample(match.Groups["name"].Value, labels, value);
    }

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*")*\})? (?<value>[0-9.eE+-]+|\+Inf|-Inf|NaN)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"[,}]""")]
    private static partial Regex Label();

    /// <summary>One line.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Labels">Its labels, each <c>name=value</c>.</param>
    /// <param name="Value">Its value.</param>
    public sealed record Sample(string Name, IReadOnlySet<string> Labels, double Value);
}
