using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>Lines as the original writes them.</summary>
public sealed class LogLineTests
{
    private static readonly LogRecord Record = new(
        new DateTimeOffset(2026, 1, 2, 4, 4, 5, 67, 890, TimeSpan.FromHours(1)), LogLevel.Warning, "a \"message\"",
        [new("number", 5), new("zone", "blue"), new("text", "two\nlines")]);

    [Fact]
    public void Text_is_one_line_of_keys_and_values() => Assert.Equal(
        "time=\"2026-01-02T03:04:05.067Z\" level=warning msg=\"a \\\"message\\\"\" number=5 zone=blue text=\"two\\nlines\"", LogLine.Format(LogFormatter.Text, Record));

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain ~!", "\"plain ~!\"")]
    [InlineData("a\\b", "\"a\\\\b\"")]
    [InlineData("a\tb", "\"a\\tb\"")]
    [InlineData("a\u007fb", "\"a\\u007Fb\"")]
    [InlineData("für", "\"für\"")]
    public void A_message_is_quoted_as_in_json(string message, string quoted) =>
        Assert.Contains($" msg={quoted} ", LogLine.Format(LogFormatter.Text, Record with { Message = message }), StringComparison.Ordinal);

    [Fact]
    public void Json_has_level_msg_and_time()
    {
        var line = JsonNode.Parse(LogLine.Format(LogFormatter.Json, Record))!.AsObject();
        Assert.Equal(["level", "msg", "number", "text", "time", "zone"], line.Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("a \"message\"", "warning", 5), ((string?)line["msg"], (string?)line["level"], (int)line["number"]!));
    }

    [Fact]
    public void Logstash_has_its_own_names_and_a_version()
    {
        var line = JsonNode.Parse(LogLine.Format(LogFormatter.Logstash, Record))!.AsObject();
        Assert.Equal(["@timestamp", "@version", "level", "message", "number", "text", "zone"], line.Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("1", "2026-01-02T03:04:05.067Z", "a \"message\""), ((string?)line["@version"], (string?)line["@timestamp"], (string?)line["message"]));
    }
}
