namespace PSRegistry.Benchmarks.Comparison;

/// <summary>What to compare, and how long.</summary>
internal sealed record CompareOptions
{
    /// <summary>The parts of the table, in the order in which they are measured.</summary>
    public static readonly string[] AllSections = ["start", "rps", "blob", "push", "memory", "tls", "h2", "growth"];

    /// <summary>Rounds; each measures every target once.</summary>
    public required int Runs { get; init; }

    /// <summary>How long one row loads one target.</summary>
    public required int Seconds { get; init; }

    /// <summary>The parts wanted.</summary>
    public required IReadOnlySet<string> Sections { get; init; }

    /// <summary>Our program, or the folder it was published to; null to build it natively.</summary>
    public string? Program { get; init; }

    /// <summary>Another build of ours, the portable one, for its start and its memory.</summary>
    public string? Portable { get; init; }

    /// <summary>Where the data folders of all targets go, so that all are on one disk.</summary>
    public required string Folder { get; init; }

    /// <summary>The Markdown file to write; the raw lines go beside it. Null for neither.</summary>
    public string? Output { get; init; }

    /// <summary>Repositories of the grown store.</summary>
    public required int GrowthRepositories { get; init; }

    /// <summary>Tags of one repository of the grown store.</summary>
    public required int GrowthTags { get; init; }

    /// <summary>Blobs of the grown store.</summary>
    public required int GrowthBlobs { get; init; }

    /// <summary>Whether any of the sections is wanted.</summary>
    public bool Wants(params IEnumerable<string> sections) => sections.Any(Sections.Contains);
}
