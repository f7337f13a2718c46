using System.Buffers.Text;
using System.Text;

namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>Reads the head of an answer: the status, and the two headers that a load goes by.</summary>
internal static class AnswerHead
{
    /// <param name="head">The lines, each with its end.</param>
    /// <param name="server">Where a relative Location starts.</param>
    public static (PushAnswer Answer, long Length) Parse(ReadOnlySpan<byte> head, Uri server)
    {
        if (!Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int status, out _))
            throw new LoadException($"{server} answered '{Encoding.Latin1.GetString(head)}'.");
        long length = 0;
        var location = "";
        foreach (var range in head.Split((byte)'\n'))
        {
            var line = head[range];
            if (Value(line, "content-length: "u8) is { IsEmpty: false } number)
                _ = Utf8Parser.TryParse(number, out length, out _);
            else if (Value(line, "location: "u8) is { IsEmpty: false } target)
                location = new Uri(server, Encoding.ASCII.GetString(target).Trim()).PathAndQuery;
        }
        return (location.Length == 0 ? Known(status) : new PushAnswer(status, location), length);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..] : default;

    private static PushAnswer Known(int status) => status == 200 ? Ok : new PushAnswer(status, "");

    private static readonly PushAnswer Ok = new(200, "");
}
