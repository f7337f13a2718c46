namespace PSRegistry.Server.Configuration;

/// <summary>The <c>access</c> section: what who may do. What no rule allows is refused.</summary>
/// <param name="Rules">The rules. Key <c>rules</c>.</param>
public sealed record AccessConfiguration(IReadOnlyList<AccessRuleConfiguration> Rules);

/// <summary>One of <c>access.rules</c>.</summary>
public sealed record AccessRuleConfiguration
{
    /// <summary>Whether it is for everybody, also without a login. Key <c>anonymous</c>. Default: false.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Whether it is for every user: <c>*</c> among <c>users</c>.</summary>
    public bool EveryUser { get; init; }

    /// <summary>The users it is for. Keys <c>users</c> and <c>groups</c>, which <c>access.groups</c> lists the users of.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Patterns of the repositories it is about. Key <c>repositories</c>. Default: <c>**</c>, all.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = ["**"];

    /// <summary>What it allows. Key <c>actions</c>.</summary>
    public required IReadOnlyList<RegistryAction> Actions { get; init; }

    /// <summary>The rule as it is written, on one line.</summary>
    public string Text { get; init; } = "";

    /// <summary>Where it is written: <c>config.yml:12</c>.</summary>
    public string Origin { get; init; } = "";
}
