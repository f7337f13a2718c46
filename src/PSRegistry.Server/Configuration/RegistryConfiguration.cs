namespace PSRegistry.Server.Configuration;

/// <summary>
/// Everything a registry can be told, parsed once and immutable. The tree and its key names are those of CNCF Distribution's
/// <c>config.yml</c>; an instance made with <c>new</c> holds the defaults.
/// </summary>
public sealed record RegistryConfiguration
{
    /// <summary>The file it was read from, absolute; null for none.</summary>
    public string? Path { get; init; }

    /// <summary>What is logged, and how. Key <c>log</c>.</summary>
    public LogConfiguration Log { get; init; } = new();

    /// <summary>Where the content lies, and what may be done with it. Key <c>storage</c>.</summary>
    public StorageConfiguration Storage { get; init; } = new();

    /// <summary>How the registry is reached. Key <c>http</c>.</summary>
    public HttpConfiguration Http { get; init; } = new();

    /// <summary>Who may come in. Key <c>auth</c>.</summary>
    public AuthConfiguration Auth { get; init; } = new();

    /// <summary>What who may do there. Key <c>access</c>. Default: null, whoever comes in may do everything.</summary>
    public AccessConfiguration? Access { get; init; }

    /// <summary>What is looked at regularly. Key <c>health</c>.</summary>
    public HealthConfiguration Health { get; init; } = new();

    /// <summary>Who is told what happens. Key <c>notifications</c>.</summary>
    public NotificationConfiguration Notifications { get; init; } = new();

    /// <summary>Limits of the list of repositories. Key <c>catalog</c>.</summary>
    public CatalogConfiguration Catalog { get; init; } = new();

    /// <summary>Limits of the list of tags. Key <c>tags</c>.</summary>
    public TagsConfiguration Tags { get; init; } = new();

    /// <summary>What is sent to a collector of OpenTelemetry, by the variables <c>OTEL_*</c>. Default: null, nothing.</summary>
    public OtelConfiguration? Otel { get; init; }

    /// <summary>What a pushed manifest must satisfy. Key <c>validation</c>.</summary>
    public ValidationConfiguration Validation { get; init; } = new();

    /// <summary>Whether somebody wants to know what the storage does: metrics are fetched, or telemetry is sent.</summary>
    internal bool IsMeasured => Http.MetricsPath is not null || Otel is not null;
}
