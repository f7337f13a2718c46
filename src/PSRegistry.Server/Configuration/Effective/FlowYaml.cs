using System.Text.Json;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Configuration;

/// <summary>Writes a value as YAML on one line, quoted wherever it could be read as something else.</summary>
internal static class FlowYaml
{
    public static string Write(ConfigurationNode value) => value switch
    {
        SequenceNode list => $"[{string.Join(", ", list.Items.Select(Write))}]",
        MappingNode map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{Text(entry.Key)}: {Write(entry.Value)}"))}}}",
        ScalarNode { IsNull: true } => "null",
        ScalarNode { Type: not ScalarType.Text } scalar => scalar.Text,
        ScalarNode scalar => Text(scalar.Text),
        _ => "",
    };

    public static string Text(string text) => IsPlain(text) ? text : "\"" + JsonEncodedText.Encode(text, JsonText.Options.Encoder).Value + "\"";

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetterOrDigit(text[0]) || text[0] is '/' or '.' || (text[0] == ':' && text.Length > 1 && char.IsAsciiDigit(text[1])))
        && text[^1] != ':'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or ':' or '-' or '_' or '+' or '=' or '@')
        && ScalarTypes.OfPlain(text) is ScalarType.Text;
}
