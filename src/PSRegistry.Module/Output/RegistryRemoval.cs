using PSRegistry.Client;
using PSRegistry.Commands;

namespace PSRegistry.Output;

/// <summary>What went with an image, or would go with it.</summary>
public sealed class RegistryRemoval
{
    internal RegistryRemoval(ImageTarget target, RemovalPlan plan, bool removed)
    {
        Registry = target.Registry;
        Repository = target.Repository.Name.ToString();
        Digest = plan.Digest.ToString();
        Tags = [.. plan.Tags.Select(tag => tag.ToString())];
        Parents = [.. plan.Parents.Select(parent => parent.ToString())];
        Referrers = [.. plan.Referrers.Select(referrer => referrer.Digest.ToString())];
        Children = [.. plan.Children.Select(child => child.Digest.ToString())];
        Orphans = [.. plan.Orphans.Select(orphan => orphan.ToString())];
        FreedBytes = plan.FreedBytes;
        Removed = removed;
    }

    /// <summary>The registry.</summary>
    public string Registry { get; }

    /// <summary>The repository.</summary>
    public string Repository { get; }

    /// <summary>The manifest.</summary>
    public string Digest { get; }

    /// <summary>Every tag that named it.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The indexes that list it, and now lack an image.</summary>
    public IReadOnlyList<string> Parents { get; }

    /// <summary>What refers to it.</summary>
    public IReadOnlyList<string> Referrers { get; }

    /// <summary>The manifests that it lists.</summary>
    public IReadOnlyList<string> Children { get; }

    /// <summary>Children and referrers that nothing else needs: gone with -Recurse, left to the garbage collection without.</summary>
    public IReadOnlyList<string> Orphans { get; }

    /// <summary>What a garbage collection can give back, in bytes.</summary>
    public long FreedBytes { get; }

    /// <summary>Whether it was removed, and verified to be gone.</summary>
    public bool Removed { get; }

    /// <summary>The name as docker takes it, by digest.</summary>
    public override string ToString() => $"{ImageName.Authority(Registry)}/{Repository}@{Digest}";

    /// <summary>What falls, in one line for a question.</summary>
    internal static string Describe(RemovalPlan plan, Oci.Tag? named, bool recurse)
    {
        var parts = new List<string>();
        var others = plan.Tags.Where(tag => tag != named).ToList();
        if (others.Count > 0)
            parts.Add($"also tagged {string.Join(", ", others.Take(5))}{(others.Count > 5 ? $" and {others.Count - 5} more" : "")}");
        if (plan.Children.Count > 0)
            parts.Add($"{Count(plan.Children.Count, "platform")}{(recurse ? "" : " left to the garbage collection")}");
        if (plan.Parents.Count > 0)
            parts.Add($"{Count(plan.Parents.Count, "index", "indexes")} will lack it");
        if (plan.Referrers.Count > 0)
            parts.Add($"{Count(plan.Referrers.Count, "referrer")}{(recurse ? "" : " left to the garbage collection")}");
        parts.Add($"frees {ByteText.Of(plan.FreedBytes)}");
        return $"Remove manifest {plan.Digest.Hex[..12]}: {string.Join("; ", parts)}";
    }

    private static string Count(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";
}
