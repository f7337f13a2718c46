using PSRegistry.Hosting;

namespace PSRegistry.Output;

/// <summary>Whether somebody may do something in a repository, and what decides it.</summary>
public sealed class RegistryAccess
{
    internal RegistryAccess(AccessQuestion question, AccessAnswer answer)
    {
        User = question.User;
        Repository = question.Repository;
        Action = question.Action;
        IsAllowed = answer.IsAllowed;
        Rule = answer.Rule;
        Origin = answer.Origin;
        Reason = answer.Reason;
    }

    /// <summary>The user; null for somebody without a login.</summary>
    public string? User { get; }

    /// <summary>The repository; null where only the list of repositories was asked about.</summary>
    public string? Repository { get; }

    /// <summary>What would be done.</summary>
    public RegistryAction Action { get; }

    /// <summary>Whether it is allowed.</summary>
    public bool IsAllowed { get; }

    /// <summary>The rule that allows it, as it is written; null where none does.</summary>
    public string? Rule { get; }

    /// <summary>Where that rule is written: <c>config.yml:12</c>; null where there is none.</summary>
    public string? Origin { get; }

    /// <summary>Why, as a sentence.</summary>
    public string Reason { get; }

    /// <summary>The answer and the reason.</summary>
    public override string ToString() => $"{(IsAllowed ? "allowed" : "refused")}: {Reason}";
}
