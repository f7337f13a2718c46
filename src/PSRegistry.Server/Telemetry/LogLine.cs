using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// The original's three forms of a log line, so that what reads its logs reads ours:
/// <c>time="..." level=info msg="..." key=value</c>, the same as JSON, and as JSON under Logstash's names.
/// </summary>
internal static class LogLine
{
    private const string OriginalFormat = "{OriginalFormat}";

    /// <summary>Of a request's line in characters, so that it is written into one piece of memory.</summary>
    private const int UsualLength = 448;

    public static string Format(LogFormatter formatter, in LogRecord record) => formatter switch
    {
        LogFormatter.Json => Json(record, "time", "msg"),
        LogFormatter.Logstash => Json(record, "@timestamp", "message"),
        _ => Text(record),
    };

    private static string Text(in LogRecord record)
    {
        var line = new StringBuilder(UsualLength)
            .Append("time=\"").Append(Time(record.Time)).Append("\" level=").Append(Level(record.Level)).Append(" msg=");
        AppendQuoted(line, record.Message);
        foreach (var (key, value) in record.Fields)
        {
            line.Append(' ').Append(key).Append('=');
            var text = value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (IsBare(text))
                line.Append(text);
            else
                AppendQuoted(line, text);
        }
        return line.ToString();
    }

    private static string Json(in LogRecord record, string time, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
        {
            json.WriteStartObject();
            if (message == "message")
                json.WriteString("@version", "1");
            foreach (var (key, value) in record.Fields)
            {
                if (value is int number)
                    json.WriteNumber(key, number);
                else if (value is long large)
                    json.WriteNumber(key, large);
                else
                    json.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
            }
            json.WriteString("level", Level(record.Level));
            json.WriteString(message, record.Message);
            json.WriteString(time, Time(record.Time));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>To the millisecond. The round-trip form is cut for that: a form of one's own takes several times as long.</summary>
    private static string Time(DateTimeOffset time) => string.Concat(time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture).AsSpan(0, "yyyy-MM-ddTHH:mm:ss.fff".Length), "Z");

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "info",
    };

    /// <summary>Whether it is read without quotes. A loop of its own: the general one over a text took 6 % of a request's time.</summary>
    private static bool IsBare(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or '/' or '@' or '^' or '+' or ':'))
                return false;
        }
        return text.Length > 0;
    }

    /// <summary>JSON quoting: a line end in a path or user agent must not begin a line of its own.</summary>
    private static void AppendQuoted(StringBuilder line, string text) =>
        line.Append('"').Append(IsPlain(text) ? text : JsonEncodedText.Encode(text, JsonText.Options.Encoder).Value).Append('"');

    /// <summary>Whether it has nothing to quote. Most lines are such, and the first one need not wait for the encoder to be set up.</summary>
    private static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~') && !text.ContainsAny('"', '\\');

    /// <summary>The fields of a log call: its named values, the configured ones, and what went wrong.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Fields<TState>(
        TState state, string category, IReadOnlyDictionary<string, string> configured, Exception? exception)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            foreach (var value in values)
            {
                if (value.Key != OriginalFormat)
                    yield return value;
            }
        }
        foreach (var (key, value) in configured)
            yield return new(key, value);
        if (exception is not null)
            yield return new("error", exception.ToString());
        if (!category.StartsWith("PSRegistry", StringComparison.Ordinal))
            yield return new("source", category);
    }
}
