using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using PSRegistry.ModuleTests.Services;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Help;

public sealed partial class HelpTests : IDisposable
{
    /// <summary>What an example calls the registry at hand.</summary>
    private const string ExampleRegistry = "registry.local:5000";

    /// <summary>What an example calls a data folder.</summary>
    private const string ExampleFolder = "./registry";

    private static readonly string[] ExampleImages = ["team/app:1.0", "team/app:old", "team/app:0.9"];

    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every cmdlet, by the exports of the manifest.</summary>
    public static TheoryData<string> Cmdlets { get; } = [.. Exports().Matches(File.ReadAllText(ModuleFolder.Manifest)).Select(match => match.Groups[1].Value)];

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_and_each_of_its_parameters_is_explained(string cmdlet)
    {
        var help = Assert.Single(_session.Run($"Get-Help {cmdlet} -Full"));
        Assert.True(Text(help, "Synopsis") is { Length: > 10 } synopsis && !synopsis.Contains("[<CommonParameters>]", StringComparison.Ordinal));
        var explained = _session.Run($"(Get-Help {cmdlet} -Full).parameters.parameter").ToDictionary(parameter => Text(parameter, "name"), parameter => Text(parameter, "description"));
        var declared = ((CmdletInfo)Assert.Single(_session.Run($"Get-Command {cmdlet}")).BaseObject).Parameters.Values
            .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name)).Select(parameter => parameter.Name).ToList();
        Assert.Equal(declared.Order(StringComparer.Ordinal), explained.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(explained, parameter => parameter.Value.Length < 5);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_syntax_is_that_of_the_engine(string cmdlet)
    {
        var told = _session.Run($"(Get-Help {cmdlet} -Full).syntax.syntaxItem").Select(item => item.Get<object>("parameter") as Array ?? new[] { item.Get<object>("parameter") })
            .Select(set => set.Cast<PSObject>().Select(parameter => $"{Text(parameter, "name")} {Text(parameter, "required")}").Order(StringComparer.Ordinal));
        var declared = ((CmdletInfo)Assert.Single(_session.Run($"Get-Command {cmdlet}")).BaseObject).ParameterSets
            .OrderByDescending(set => set.IsDefault)
            .Select(set => set.Parameters.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
                .Select(parameter => $"{parameter.Name} {(parameter.IsMandatory ? "true" : "false")}").Order(StringComparer.Ordinal));
        Assert.Equal(declared.Select(set => string.Join(", ", set)).Order(StringComparer.Ordinal), told.Select(set => string.Join(", ", set)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task Its_examples_work(string cmdlet)
    {
        var examples = _session.Run($"(Get-Help {cmdlet} -Examples).examples.example").Select(example => (Code: Text(example, "code"), Remark: Text(example, "remarks"))).ToList();
        Assert.True(examples.Count >= 2, $"{cmdlet} has {examples.Count} examples.");
        Assert.DoesNotContain(examples, example => example.Remark.Length < 10);
        Assert.Contains(examples, example => example.Code.Contains(cmdlet, StringComparison.Ordinal));
        var runnable = examples.Select(example => example.Code).Where(IsForThisEngine).Where(code => !Endless().IsMatch(code)).ToList();
        if (runnable.Count == 0)
            return;

        var registry = Assert.Single(_session.Run("Start-RegistryServer -InMemory"));
        await Http.PushAsync(registry.Get<Uri>("Uri"), Token, ExampleImages);
        if (runnable.Exists(code => code.Contains(ExampleFolder, StringComparison.Ordinal)))
            await FillFolderAsync();
        File.WriteAllText(_folder["config.yml"], "version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: '127.0.0.1:0'}\n");
        File.WriteAllText(_folder["htpasswd"], "ann:$2y$04$abcdefghijklmnopqrstuuMxQkHl5yTo0gRlZv9bPQ6sG0mC2w7aK\nbuild-1:x\n");
        Directory.CreateDirectory(_folder["images"]);
        TinyArchive.Write(_folder["images", "app.tar"], TestBytes.Make(1000), "team/app:1.0");
        await using var docker = runnable.Exists(code => code.Contains("RegistryLocalImage", StringComparison.Ordinal)) ? await Dockerd.StartAsync(Token) : null;
        // Services are registered beside the machine's own, and no systemd hears of them.
        using var systemd = cmdlet.EndsWith("-RegistryService", StringComparison.Ordinal) ? new FakeSystemctl() : null;
        var begin = cmdlet.StartsWith("Start-", StringComparison.Ordinal) ? "" : "$null = Start-RegistryServer -InMemory; ";
        var script = string.Join('\n', runnable.Select(code => $"{begin}& {{ {code.Replace(ExampleRegistry, registry.Get<string>("Registry"), StringComparison.Ordinal)} }}; Get-RegistryServer | Stop-RegistryServer -Force"));
        await Shell.RunAsync(
            $$"""
            $ErrorActionPreference = 'Stop'
            function Get-Credential($user) { $password = [securestring]::new(); $password.AppendChar('x'); [pscredential]::new($user, $password) }
            $ExecutionContext.SessionState.Path.SetLocation('{{_folder}}')
            {{script}}
            """,
            Token, [("REGISTRY_HTTP_ADDR", "127.0.0.1:0"), ("XDG_DATA_HOME", _folder["home"]), ("DOCKER_HOST", $"unix://{docker?.Socket}"), (KeptLogins.Variable, _folder["docker"]), .. systemd?.Variables ?? []]);
    }

    private async Task FillFolderAsync()
    {
        // It keeps its events, for the examples that look at them.
        File.WriteAllText(_folder["filled.yml"], "version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: '127.0.0.1:0'}\nnotifications: {outbox: {enabled: true}}\n");
        var server = Assert.Single(_session.Run($"Start-RegistryServer '{_folder["filled.yml"]}' -RootDirectory '{_folder[ExampleFolder]}' -Port 0"));
        await Http.PushAsync(server.Get<Uri>("Uri"), Token, ExampleImages);
    }

    /// <summary>Parses an example, and tells whether the engine of the package has all of its commands; PowerShell's own are run in Pester.</summary>
    private bool IsForThisEngine(string code)
    {
        var script = Parser.ParseInput(code, out _, out var faults);
        Assert.Empty(faults);
        var names = script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Select(command => command.GetCommandName()).Distinct();
        return names.All(name => name == "Get-Credential" || _session.RunWithErrors($"Get-Command {name}").Output.Count > 0);
    }

    private static string Text(PSObject value, string property)
    {
        var content = value.Properties[property]?.Value;
        return content is object[] paragraphs
            ? string.Join(' ', paragraphs.Cast<PSObject>().Select(paragraph => paragraph.Properties["Text"]?.Value))
            : content?.ToString()?.Trim() ?? "";
    }

    [GeneratedRegex(@"^ +'([A-Z][a-z]+-[A-Za-z]+)'\r?$", RegexOptions.Multiline)]
    private static partial Regex Exports();

    /// <summary>These go on until somebody ends them.</summary>
    [GeneratedRegex(@" -Wait\b|Wait-RegistryServer$")]
    private static partial Regex Endless();
}
