using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PSRegistry.Completion;
using PSRegistry.Errors;
using PSRegistry.Hosting;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.Servers;

namespace PSRegistry.Commands;

/// <summary>
/// Tells whether a user, or somebody without a login, may pull, push, delete or list, and which rule of access in the configuration decides
/// it. The server that this session runs is asked, else a configuration is read; nothing is tried, and no password is needed.
/// </summary>
/// <example>
/// <code>Test-RegistryAccess ann team/app -Action Push -ConfigPath ./config.yml</code>
/// <para>Tells whether ann may push there, with the rule and its line.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog | Test-RegistryAccess -Anonymous | Where-Object IsAllowed</code>
/// <para>Lists what everybody can pull from the server of this session.</para>
/// </example>
/// <example>
/// <code>Get-RegistryUser ./htpasswd | Test-RegistryAccess -Repository team/app -Action Push, Delete</code>
/// <para>Shows for each user of the file whether they may push and delete there.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "RegistryAccess", DefaultParameterSetName = OfServer)]
[OutputType(typeof(RegistryAccess))]
public sealed class TestRegistryAccessCommand : RegistryCommand
{
    private const string OfServer = "Server", OfConfiguration = "Configuration";

    /// <summary>The users.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? User { get; set; }

    /// <summary>The repositories. Not needed for the action Catalog, where they tell whether the list shows them.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Repository { get; set; }

    /// <summary>What would be done. Default: Pull.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    public RegistryAction[] Action { get; set; } = [RegistryAction.Pull];

    /// <summary>Asks for somebody without a login.</summary>
    [Parameter]
    public SwitchParameter Anonymous { get; set; }

    /// <summary>
    /// The configuration to ask (config.yml, with the REGISTRY_* variables of this session). Default: the server that this session runs; where
    /// it runs none, the file that REGISTRY_CONFIGURATION_PATH names.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = OfConfiguration)]
    [Alias("ConfigurationPath")]
    [ValidateNotNullOrEmpty]
    public string? ConfigPath { get; set; }

    /// <summary>The server to ask. Default: the one that this session runs.</summary>
    [Parameter(ParameterSetName = OfServer)]
    [ValidateNotNull]
    public RegistryServer? Server { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Anonymous == User is not null)
            WriteError(AccessErrors.WhoseAccess());
        else if (Repository is not null)
            Ask([.. Repository.Where(IsName)]);
        else if (Array.TrueForAll(Action, action => action is RegistryAction.Catalog))
            Ask([null]);
        else
            WriteError(AccessErrors.WhichRepository());
    }

    /// <summary>The next record of the pipeline may be a name, so that one that is none is no reason to end.</summary>
    private bool IsName(string repository)
    {
        if (RepositoryName.TryParse(repository, out _))
            return true;
        WriteError(RegistryErrors.InvalidRepository(repository));
        return false;
    }

    private void Ask(string?[] repositories)
    {
        AccessQuestion[] questions =
        [
            .. from user in Anonymous ? [null] : (string?[])User!
               from repository in repositories
               from action in Action
               select new AccessQuestion(user, repository, action),
        ];
        if (questions.Length == 0)
            return;
        foreach (var (question, answer) in questions.Zip(Answer(questions)))
            WriteObject(new RegistryAccess(question, answer));
    }

    private IReadOnlyList<AccessAnswer> Answer(IReadOnlyList<AccessQuestion> questions)
    {
        if ((Server ?? OwnServer()) is { } server)
            return [.. questions.Select(server.Explain)];
        var reading = OpenServer().ReadAccess(SessionSettings.Of(SessionState, ConfigPath), questions);
        if (reading.Faults.Any(fault => fault.Severity == FaultSeverity.Error))
            ThrowTerminatingError(RegistryErrors.FaultyConfiguration(new ConfigurationFaultException(reading.Faults), ConfigPath));
        return reading.Answers;
    }

    private RegistryServer? OwnServer()
    {
        if (ParameterSetName == OfConfiguration)
            return null;
        var own = RunningServers.Of(Runspace.DefaultRunspace).ToList();
        if (own.Count > 1)
            ThrowTerminatingError(RegistryErrors.WhichServer("SeveralRegistryServers", $"This session runs {own.Count} registry servers: {string.Join(", ", own)}. Name one with -Server."));
        return own.FirstOrDefault();
    }
}
