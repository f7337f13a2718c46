namespace PSRegistry.Benchmarks.Comparison;

/// <summary>A load did not run as it should: the figure would mean nothing.</summary>
internal sealed class LoadException(string message) : Exception(message);
