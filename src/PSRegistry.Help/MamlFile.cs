using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace PSRegistry.Help;

/// <summary>The XML that Get-Help reads.</summary>
internal static class MamlFile
{
    private static readonly XNamespace Items = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(string file, IEnumerable<CmdletType> cmdlets)
    {
        var root = new XElement(Items + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(Help));
        using var writer = XmlWriter.Create(file, new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
        new XDocument(root).Save(writer);
    }

    private static XElement Help(CmdletType cmdlet) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            new XElement(Maml + "description", Para(FirstSentence(cmdlet.Summary)))),
        new XElement(Maml + "description", new[] { cmdlet.Summary, cmdlet.Remarks }.Where(text => text.Length > 0).Select(Para)),
        new XElement(Command + "syntax", cmdlet.Sets.Select(set => Syntax(cmdlet, set))),
        new XElement(Command + "parameters", cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter => Parameter(parameter, parameter.Bindings[0]))),
        new XElement(Command + "inputTypes", Inputs(cmdlet).Select(input => Typed("inputType", input))),
        new XElement(Command + "returnValues", cmdlet.Outputs.Select(output => Typed("returnValue", output))),
        new XElement(Command + "examples", cmdlet.Examples.Select(Example)));

    private static XElement Syntax(CmdletType cmdlet, string set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        cmdlet.Parameters.Select(parameter => (Parameter: parameter, Binding: parameter.In(set)))
            .Where(entry => entry.Binding is not null)
            .OrderBy(entry => entry.Binding!.Position ?? int.MaxValue)
            .Select(entry => Parameter(entry.Parameter, entry.Binding!)));

    private static XElement Parameter(CmdletParameter parameter, CmdletBinding binding) => new(
        Command + "parameter",
        new XAttribute("required", Lower(binding.IsMandatory)),
        new XAttribute("variableLength", Lower(parameter.TypeName.EndsWith("[]", StringComparison.Ordinal))),
        new XAttribute("globbing", Lower(parameter.TakesWildcards)),
        new XAttribute("pipelineInput", binding.Pipeline),
        new XAttribute("position", binding.Position is { } position ? position.ToString(CultureInfo.InvariantCulture) : "named"),
        new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
        new XElement(Maml + "name", parameter.Name),
        new XElement(Maml + "description", Para(parameter.Text)),
        parameter.Values.Count > 0 ? new XElement(Command + "parameterValueGroup", parameter.Values.Select(Value)) : null,
        parameter.IsSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), parameter.TypeName),
        new XElement(Dev + "type", new XElement(Maml + "name", parameter.TypeName)),
        new XElement(Dev + "defaultValue", parameter.Default.Length > 0 ? parameter.Default : parameter.IsSwitch ? "False" : "None"));

    private static XElement Value(string value) =>
        new(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value);

    private static XElement Example(CmdletExample example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", string.Create(CultureInfo.InvariantCulture, $"-------------------------- Example {index + 1} --------------------------")),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", Para(example.Remark)));

    private static XElement Typed(string element, string name) =>
        new(Command + element, new XElement(Dev + "type", new XElement(Maml + "name", name)));

    private static IEnumerable<string> Inputs(CmdletType cmdlet) => cmdlet.Parameters
        .Where(parameter => parameter.Bindings.Any(binding => binding.Pipeline.Contains("ByValue", StringComparison.Ordinal)))
        .Select(parameter => parameter.TypeName.TrimEnd('[', ']')).Distinct();

    private static XElement Para(string text) => new(Maml + "para", text);

    /// <summary>What stands beside the name in lists.</summary>
    private static string FirstSentence(string text)
    {
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }

    private static string Lower(bool value) => value ? "true" : "false";
}
