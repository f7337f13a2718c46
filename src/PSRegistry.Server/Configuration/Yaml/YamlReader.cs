using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PSRegistry.Server.Configuration;

/// <summary>Parses YAML text into nodes. The parser stops at its first fault, so syntax gives at most one.</summary>
internal sealed class YamlReader
{
    private readonly string _source;
    private readonly string? _keyPath;
    private readonly FaultList _faults;

    /// <summary>A reader of a file.</summary>
    public YamlReader(string file, FaultList faults) => (_source, _faults) = (file, faults);

    /// <summary>A reader of the value of a variable, which sets the key at this path.</summary>
    public YamlReader(string variable, string keyPath, FaultList faults) => (_source, _keyPath, _faults) = (variable, keyPath, faults);

    /// <summary>The first document; null when there is none, or when it could not be read (then a fault says why).</summary>
    public ConfigurationNode? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        var stream = new YamlStream();
        try
        {
            stream.Load(parser);
            if (stream.Documents.Count == 0) return null;
            if (stream.Documents.Count > 1) WarnOfMoreDocuments(stream.Documents[1].RootNode);
            return new YamlConverter(At).Convert(stream.Documents[0].RootNode);
        }
        catch (YamlException fault)
        {
            Report(At(SyntaxFaultLine.Of(fault, text, parser)), fault.Message);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            Report(At(SyntaxFaultLine.Of(fault, text, parser)), "a bracket, brace or quote is not closed");
        }
        return null;
    }

    private Origin At(long line) => new(_source, _keyPath is null ? line : null);

    private void Report(Origin origin, string message)
    {
        if (_keyPath is null)
            _faults.Error("", origin, "not YAML: " + message.TrimEnd('.'), "Correct this line, or the one before it");
        else // The parser's message can quote the value, and the value can be a password.
            _faults.Error(_keyPath, origin, "the value is not YAML", "Put single quotes around the value, inside the variable");
    }

    private void WarnOfMoreDocuments(YamlNode second) => _faults.Warning(
        _keyPath ?? "", At(second.Start.Line), "a second document begins here and is ignored", "Keep one document");
}
