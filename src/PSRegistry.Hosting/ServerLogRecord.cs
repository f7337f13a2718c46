namespace PSRegistry.Hosting;

/// <summary>How bad it is, by the original's names.</summary>
public enum ServerLogLevel
{
    /// <summary>For whoever develops the server.</summary>
    Trace,

    /// <summary>For whoever looks for a fault.</summary>
    Debug,

    /// <summary>What happens.</summary>
    Info,

    /// <summary>Something that will need attention.</summary>
    Warning,

    /// <summary>A request or a task failed.</summary>
    Error,

    /// <summary>The server cannot go on.</summary>
    Fatal,
}

/// <summary>One line of a server's log.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Message">What happened, for people.</param>
/// <param name="Fields">The same for programs: names and values, as <c>http.request.method</c>.</param>
public sealed record ServerLogRecord(
    DateTimeOffset Time, ServerLogLevel Level, string Message, IReadOnlyList<KeyValuePair<string, object?>> Fields);
