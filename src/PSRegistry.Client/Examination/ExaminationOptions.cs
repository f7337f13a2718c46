using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>How far an examination goes.</summary>
public sealed record ExaminationOptions
{
    /// <summary>The repository that is written to, where nobody names one.</summary>
    public static RepositoryName DefaultRepository { get; } = RepositoryName.Parse("psregistry-examination");

    /// <summary>The repository to write to; null for <see cref="DefaultRepository"/>. Naming one agrees that what was written stays where deletion is off.</summary>
    public RepositoryName? Repository { get; init; }

    /// <summary>Whether nothing is written: then only what can be read is looked at.</summary>
    public bool OnlyReads { get; init; }

    /// <summary>How many bytes go in one body: more than proxies allow that nobody has told otherwise.</summary>
    public int BodyBytes { get; init; } = 8 << 20;
}
