namespace PSRegistry.Hosting;

/// <summary>Whether somebody may do something, asked without doing it.</summary>
/// <param name="User">The user; null for somebody without a login.</param>
/// <param name="Repository">The repository; null where only the list of repositories is asked about.</param>
/// <param name="Action">What would be done.</param>
public sealed record AccessQuestion(string? User, string? Repository, RegistryAction Action);

/// <summary>Whether they may, and why.</summary>
/// <param name="IsAllowed">Whether they may.</param>
/// <param name="Rule">The rule that allows it, as it is written; null where none does, or where there are no rules.</param>
/// <param name="Origin">Where that rule is written: <c>config.yml:12</c>; null where there is none.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record AccessAnswer(bool IsAllowed, string? Rule, string? Origin, string Reason);

/// <summary>What a configuration answers.</summary>
/// <param name="Answers">One for each question, in their order; empty when a fault is an error.</param>
/// <param name="Faults">Everything that is wrong with it.</param>
public sealed record AccessReading(IReadOnlyList<AccessAnswer> Answers, IReadOnlyList<ConfigurationFault> Faults);
