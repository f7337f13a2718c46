namespace PSRegistry.Client;

/// <summary>Writes findings about one registry.</summary>
internal sealed class Findings(RegistryAddress registry)
{
    public DeploymentFinding Passed(string check, string detail) => new(registry.Authority, check, FindingStatus.Passed, detail, null);

    public DeploymentFinding Warning(string check, string detail, string remedy) => new(registry.Authority, check, FindingStatus.Warning, detail, remedy);

    public DeploymentFinding Failed(string check, string detail, string remedy) => new(registry.Authority, check, FindingStatus.Failed, detail, remedy);

    public DeploymentFinding Skipped(string check, string detail) => new(registry.Authority, check, FindingStatus.Skipped, detail, null);

    /// <summary>Nothing came, or a refusal.</summary>
    public DeploymentFinding Failed(string check, RegistryRequestException fault) => Failed(check, fault.Message, FailureRemedy.Of(fault));
}
