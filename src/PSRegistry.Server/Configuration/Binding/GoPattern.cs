using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace PSRegistry.Server.Configuration;

/// <summary>
/// Compiles a regular expression written for Go. .NET reads a few of its constructs as something else without complaint
/// (<c>[[:alpha:]]</c>, <c>$</c>, <c>\d</c>, <c>[a[b]</c>), and a deny rule that silently misses is an open door, so these are translated.
/// Matching is in linear time, as in Go: the URLs come from whoever pushes.
/// </summary>
internal static class GoPattern
{
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out string reason)
    {
        (regex, reason) = (null, "");
        try
        {
            regex = new Regex(new Translation(pattern).Run(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            reason = fault is RegexParseException ? "it does not parse" : fault.Message.TrimEnd('.');
            return false;
        }
    }

    private sealed class Translation(string pattern)
    {
        // With (?m) a dollar means the end of a line, in .NET as in Go.
        private readonly bool _isMultiline = Regex.IsMatch(pattern, @"\(\?[a-zA-Z]*m");
        private readonly StringBuilder _result = new();
        private int _next;

        public string Run()
        {
            while (_next < pattern.Length)
            {
                if (At("(?P<")) Put("(?<", 4);
                else if (At("(?<=") || At("(?<!") || At("(?=") || At("(?!") || At("(?>") || At("(?(")) throw Unsupported("lookaround");
                else if (At(@"\Q")) Literal();
                else if (At(@"\")) Escape(inClass: false);
                else if (At("[")) CharacterClass();
                else if (At("$") && !_isMultiline) Put(@"\z", 1);
                else Put(pattern[_next], 1);
            }
            return _result.ToString();
        }

        private void CharacterClass()
        {
            Put('[', 1);
            if (At("^")) Put('^', 1);
            if (At("]")) Put(@"\]", 1);
            while (_next < pattern.Length && !At("]"))
            {
                if (At("[:")) PosixClass();
                else if (At("[")) Put(@"\[", 1);
                else if (At(@"\")) Escape(inClass: true);
                else Put(pattern[_next], 1);
            }
            if (_next < pattern.Length) Put(']', 1);
        }

        private void PosixClass()
        {
            var end = pattern.IndexOf(":]", _next, StringComparison.Ordinal);
            var name = end < 0 ? "" : pattern[(_next + 2)..end];
            Put(Posix(name) ?? throw Unsupported($"the class [:{name}:]"), end + 2 - _next);
        }

        private void Escape(bool inClass)
        {
            if (_next + 1 >= pattern.Length) throw Unsupported("a backslash at the end");
            var c = pattern[_next + 1];
            if (char.IsAsciiDigit(c) && c != '0') throw Unsupported("a back reference");
            if (c is 'p' or 'P' && _next + 2 < pattern.Length && pattern[_next + 2] != '{')
                Put($@"\{c}{{{pattern[_next + 2]}}}", 3);
            else if (Ascii(char.ToLowerInvariant(c)) is not { } characters) Put(pattern.Substring(_next, 2), 2);
            else if (!char.IsUpper(c)) Put(inClass ? characters : $"[{characters}]", 2);
            else if (!inClass) Put($"[^{characters}]", 2);
            else throw Unsupported($@"\{c} inside brackets");
        }

        private void Literal()
        {
            var end = pattern.IndexOf(@"\E", _next, StringComparison.Ordinal);
            var text = pattern[(_next + 2)..(end < 0 ? pattern.Length : end)];
            Put(Regex.Escape(text), end < 0 ? pattern.Length - _next : end + 2 - _next);
        }

        private bool At(string text) => string.CompareOrdinal(pattern, _next, text, 0, text.Length) == 0;

        private void Put(string text, int consumed)
        {
            _result.Append(text);
            _next += consumed;
        }

        private void Put(char text, int consumed)
        {
            _result.Append(text);
            _next += consumed;
        }

        private static NotSupportedException Unsupported(string what) => new(what + " is not supported");

        private static string? Ascii(char letter) => letter switch
        {
            'd' => "0-9",
            'w' => "0-9A-Za-z_",
            's' => @"\t\n\f\r ",
            _ => null,
        };

        private static string? Posix(string name) => name switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => @"\x00-\x7F",
            "blank" => @"\t ",
            "cntrl" => @"\x00-\x1F\x7F",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\t\n\v\f\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => null,
        };
    }
}
