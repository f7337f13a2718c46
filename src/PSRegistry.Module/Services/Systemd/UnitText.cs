using System.Text;

namespace PSRegistry.Services.Systemd;

/// <summary>
/// How values are written into a unit so that systemd reads them back as they are: systemd.syntax(7), systemd.service(5). A value that could
/// end its line, or its quotes, is refused rather than written.
/// </summary>
internal static class UnitText
{
    /// <summary>A path as a whole value: settings that take one path take quotes for a part of it.</summary>
    public static string Bare(string path)
    {
        Refuse(path);
        return path.Replace("%", "%%", StringComparison.Ordinal);
    }

    /// <summary>A path as one of several.</summary>
    public static string Quoted(string path) => $"\"{Bare(path)}\"";

    /// <summary>An argument of the program; a dollar would begin a variable there.</summary>
    public static string Argument(string path) => Quoted(path).Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>What <see cref="Quoted"/> and <see cref="Argument"/> wrote, and what somebody wrote by hand without escapes.</summary>
    public static IReadOnlyList<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isQuoted, isBegun) = (false, false);
        foreach (var character in line)
        {
            if (character == '"')
            {
                isQuoted = !isQuoted;
                isBegun = true;
            }
            else if (character == ' ' && !isQuoted)
            {
                if (isBegun)
                    words.Add(Plain(word.ToString()));
                word.Clear();
                isBegun = false;
            }
            else
            {
                word.Append(character);
                isBegun = true;
            }
        }
        if (isBegun)
            words.Add(Plain(word.ToString()));
        return words;
    }

    private static string Plain(string word) => word.Replace("%%", "%", StringComparison.Ordinal).Replace("$$", "$", StringComparison.Ordinal);

    /// <summary>systemd keeps escapes in some settings and undoes them in others, so that no quote or backslash is right everywhere.</summary>
    private static void Refuse(string path)
    {
        if (path.Any(character => char.IsControl(character) || character is '"' or '\\') || path.Length == 0 || char.IsWhiteSpace(path[^1]))
        {
            throw new ServiceException(
                ServiceFailure.InvalidValue, $"'{new string([.. path.Select(character => char.IsControl(character) ? '?' : character)])}' cannot be written into a unit of systemd: "
                + "a path must have no control character, double quote or backslash, and must not end with a space.", "Give the file or folder another name, or a symbolic link.");
        }
    }
}
