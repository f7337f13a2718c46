using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Telemetry;

/// <summary>One thing that happened.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Message">What, for people.</param>
/// <param name="Fields">What, for programs.</param>
internal readonly record struct LogRecord(
    DateTimeOffset Time, LogLevel Level, string Message, IEnumerable<KeyValuePair<string, object?>> Fields);
