namespace PSRegistry.Server.Health;

/// <summary>One thing that is looked at.</summary>
/// <param name="Name">What <c>/debug/health</c> calls it.</param>
/// <param name="Interval">The time between two looks.</param>
/// <param name="Threshold">How many failures in a row count; zero and one mean the first.</param>
/// <param name="Look">Looks once: what is wrong, or null.</param>
internal sealed record HealthProbe(string Name, TimeSpan Interval, int Threshold, Func<CancellationToken, Task<string?>> Look);
