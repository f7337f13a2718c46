using System.Globalization;
using System.Text;

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
    DateTimeOffset Time, ServerLogLevel Level, string Message, IReadOnlyList<KeyValuePair<string, object?>> Fields)
{
    /// <summary>One line for a screen: local time, level, message, and the fields that the message does not tell already.</summary>
    public override string ToString()
    {
        var line = new StringBuilder()
            .Append(Time.LocalDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture))
            .Append(' ').Append(Level.ToString().ToLowerInvariant().PadRight("warning".Length))
            .Append(' ').Append(Message);
        foreach (var (name, value) in Fields)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (name is not "http.request.id" and not "http.request.host" && !Message.Contains(text, StringComparison.Ordinal))
                line.Append(' ').Append(name).Append('=').Append(text);
        }
        // A path or user agent with a line end in it must not look like a line of its own, nor steer the terminal.
        for (var i = 0; i < line.Length; i++)
        {
            if (char.IsControl(line[i]))
                line[i] = ' ';
        }
        return line.ToString();
    }
}
