using PSRegistry.Oci;

namespace PSRegistry.Server.Auth;

/// <summary>
/// Which repositories a rule is about: names component by component, where <c>*</c> stands for any characters of one component, <c>**</c>
/// for one or more components, and <c>${user}</c> for the user's name as one component.
/// </summary>
internal sealed class RepositoryPattern
{
    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "components of a repository's name, where * stands for any characters of one, ** for one or more, and ${user} for the user";

    private const string User = "${user}", Many = "**", Any = "*";

    // "**" is one of any and then as many as there are.
    private readonly string[] _parts;

    private RepositoryPattern(string text, string[] parts)
    {
        _parts = parts;
        MatchesEverything = text == Many;
    }

    /// <summary>Whether there is no repository that it leaves out.</summary>
    public bool MatchesEverything { get; }

    /// <summary>Reads a pattern; null for one that no repository could match.</summary>
    public static RepositoryPattern? TryParse(string text)
    {
        if (text.Length > RepositoryName.MaxLength)
            return null;
        var parts = new List<string>();
        foreach (var part in text.Split('/'))
        {
            if (part == Many)
                parts.AddRange(Any, Many);
            else if (part == User || IsComponent(part))
                parts.Add(part);
            else
                return null;
        }
        return new RepositoryPattern(text, [.. parts]);
    }

    /// <summary>Whether a repository matches.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="user">Whose name stands for <c>${user}</c>; empty for nobody's.</param>
    public bool Matches(ReadOnlySpan<char> name, string user)
    {
        if (MatchesEverything)
            return true;
        Span<Range> components = stackalloc Range[RepositoryName.MaxLength / 2 + 1];
        components = components[..name.Split(components, '/')];
        int part = 0, component = 0, manyAt = -1, resumeAt = 0;
        while (component < components.Length)
        {
            if (part < _parts.Length && _parts[part] == Many)
                (manyAt, resumeAt) = (part++, component);
            else if (part < _parts.Length && IsMatch(_parts[part], name[components[component]], user))
                (part, component) = (part + 1, component + 1);
            else if (manyAt >= 0)
                (part, component) = (manyAt + 1, ++resumeAt);
            else
                return false;
        }
        while (part < _parts.Length && _parts[part] == Many)
            part++;
        return part == _parts.Length;
    }

    private static bool IsMatch(string part, ReadOnlySpan<char> component, string user) => part switch
    {
        Any => true,
        User => user.Length > 0 && component.SequenceEqual(user),
        _ => IsGlobMatch(part, component),
    };

    private static bool IsGlobMatch(ReadOnlySpan<char> glob, ReadOnlySpan<char> text)
    {
        int at = 0, i = 0, starAt = -1, resumeAt = 0;
        while (i < text.Length)
        {
            if (at < glob.Length && glob[at] == '*')
                (starAt, resumeAt) = (at++, i);
            else if (at < glob.Length && glob[at] == text[i])
                (at, i) = (at + 1, i + 1);
            else if (starAt >= 0)
                (at, i) = (starAt + 1, ++resumeAt);
            else
                return false;
        }
        return glob[at..].IndexOfAnyExcept('*') < 0;
    }

    private static bool IsComponent(string part) =>
        part.Length > 0
        && !part.Contains(Many, StringComparison.Ordinal)
        && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-' or '*');
}
