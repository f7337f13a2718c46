using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PSRegistry.Help;

/// <summary>What the compiler collected of the <c>///</c> comments, as text for a terminal.</summary>
internal sealed partial class DocumentationFile
{
    private readonly Dictionary<string, XElement> _members;

    private DocumentationFile(Dictionary<string, XElement> members) => _members = members;

    public static DocumentationFile Read(string file) =>
        new(XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal));

    /// <summary>The summary of a type or property, such as <c>T:PSRegistry.Commands.StartRegistryServerCommand</c>; empty when there is none.</summary>
    public string Summary(string member) => Text(Find(member)?.Element("summary"));

    /// <summary>The remarks of a type.</summary>
    public string Remarks(string member) => Text(Find(member)?.Element("remarks"));

    /// <summary>The examples of a type: what is typed, and what it is for.</summary>
    public IReadOnlyList<CmdletExample> Examples(string member) =>
        [.. (Find(member)?.Elements("example") ?? []).Select(example => new CmdletExample(((string?)example.Element("code") ?? "").Trim(), Text(example.Element("para"))))];

    private XElement? Find(string member) => _members.GetValueOrDefault(member);

    /// <summary>Line breaks in a comment are the editor's, not the reader's.</summary>
    private static string Text(XElement? element)
    {
        if (element is null)
            return "";
        var text = new StringBuilder();
        foreach (var node in element.DescendantNodes())
        {
            if (node is XText part)
                text.Append(part.Value);
            else if (node is XElement { Name.LocalName: "see" or "paramref" } reference)
                text.Append(NameOf(reference));
        }
        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    private static string NameOf(XElement reference)
    {
        var name = (string?)reference.Attribute("langword") ?? (string?)reference.Attribute("name") ?? (string?)reference.Attribute("cref") ?? "";
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

/// <summary>An example of a cmdlet.</summary>
/// <param name="Code">What is typed.</param>
/// <param name="Remark">What it is for.</param>
internal sealed record CmdletExample(string Code, string Remark);
