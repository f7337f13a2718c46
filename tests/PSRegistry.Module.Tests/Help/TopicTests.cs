using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace PSRegistry.ModuleTests.Help;

public sealed partial class TopicTests
{
    public static TheoryData<string> Topics { get; } = [.. Directory.EnumerateFiles(Path.Combine(ModuleFolder.Root, "module", "en-US"), "*.help.txt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_fits_a_terminal_and_says_its_own_name(string topic)
    {
        var lines = Read(topic).Split('\n');
        Assert.DoesNotContain(lines, line => line.TrimEnd('\r').Length > 80);
        Assert.Equal(topic, lines[1].Trim() + ".help.txt");
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void What_a_topic_names_exists(string topic)
    {
        using var session = new Session();
        var cmdlets = session.Run("Get-Command -Module PSRegistry").Texts().ToHashSet();
        Assert.Empty(Cmdlet().Matches(Read(topic)).Select(match => match.Value).Except(cmdlets));
        Assert.Empty(Topic().Matches(Read(topic)).Select(match => match.Value + ".help.txt").Except(Topics.Select(row => row.Data)));
    }

    [Fact]
    public void The_first_topic_names_every_cmdlet()
    {
        using var session = new Session();
        var text = Read("about_PSRegistry.help.txt");
        Assert.DoesNotContain(session.Run("Get-Command -Module PSRegistry | ForEach-Object Noun").Texts(), noun => !text.Contains("-" + noun, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Every_parameter_in_a_line_to_type_exists(string topic)
    {
        using var session = new Session();
        var cmdlets = session.Run("Get-Command -Module PSRegistry").Select(command => (System.Management.Automation.CmdletInfo)command.BaseObject).ToDictionary(command => command.Name);
        // Lines to type stand exactly eight spaces in; what goes on below a bar belongs to the line above.
        var script = Regex.Replace(Read(topic), @"\|\r?\n\s+", "| ");
        foreach (var line in script.Split('\n').Where(line => ToType().IsMatch(line) && line.Contains("-Registry", StringComparison.Ordinal)))
        {
            var parsed = Parser.ParseInput(line.Trim(), out _, out var faults);
            foreach (var command in parsed.FindAll(node => node is CommandAst, true).Cast<CommandAst>().Where(command => command.GetCommandName() is { } name && cmdlets.ContainsKey(name)))
            {
                Assert.Empty(faults);
                Assert.DoesNotContain(command.CommandElements.OfType<CommandParameterAst>(), parameter => !cmdlets[command.GetCommandName()].Parameters.ContainsKey(parameter.ParameterName));
            }
        }
    }

    private static string Read(string topic) => File.ReadAllText(Path.Combine(ModuleFolder.Root, "module", "en-US", topic));

    [GeneratedRegex("^ {8}[^ ]")]
    private static partial Regex ToType();

    [GeneratedRegex(@"\b[A-Z][a-z]+-Registry[A-Za-z]*")]
    private static partial Regex Cmdlet();

    [GeneratedRegex(@"\babout_PSRegistry\w*")]
    private static partial Regex Topic();
}
