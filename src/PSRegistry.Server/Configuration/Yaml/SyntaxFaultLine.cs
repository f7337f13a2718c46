using YamlDotNet.Core;

namespace PSRegistry.Server.Configuration;

/// <summary>Finds the line of a syntax fault where the parser does not tell, or tells the first line of the file instead.</summary>
internal static class SyntaxFaultLine
{
    public static long Of(Exception fault, string text, Parser parser) => fault switch
    {
        AnchorNotFoundException { Message: var message } when message.Split('\'') is [_, var anchor, ..] =>
            FirstLine(text, line => line.Contains('*' + anchor, StringComparison.Ordinal)),
        SyntaxErrorException { Message: var message } when message.Contains("invalid tab", StringComparison.Ordinal) =>
            FirstLine(text, line => line.TrimStart(' ').StartsWith('\t')),
        YamlException { Start: { Line: > 1 } or { Column: > 1 } } placed => placed.Start.Line,

        // An unclosed bracket ends without a position; the last thing the parser understood is the best clue.
        _ => parser.Current?.End.Line ?? 1,
    };

    private static long FirstLine(string text, Predicate<string> isFaulty) =>
        Math.Max(1, Array.FindIndex(text.Split('\n'), isFaulty) + 1);
}
