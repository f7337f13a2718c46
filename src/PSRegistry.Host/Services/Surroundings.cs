using Microsoft.Extensions.Logging;

namespace PSRegistry.Host.Services;

/// <summary>What the program runs in.</summary>
/// <param name="Notices">Who wants to hear how it is doing.</param>
/// <param name="Error">Opens what takes the faults that keep it from starting.</param>
/// <param name="EventLog">A second place for the log; null for none.</param>
internal sealed record Surroundings(IServiceNotices Notices, Func<TextWriter> Error, ILoggerProvider? EventLog = null);
