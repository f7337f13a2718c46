using System.Text;
using System.Text.RegularExpressions;

namespace PSRegistry.Services.Systemd;

/// <summary>The file that holds the variables of a service, for its owner alone: EnvironmentFile= of systemd.exec(5).</summary>
internal static partial class EnvironmentText
{
    /// <exception cref="ServiceException">A name is none, or a value has a character that no variable can hold. The value is not told.</exception>
    public static string Write(IReadOnlyDictionary<string, string> variables)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            Check(name, value);
            text.Append(name).Append("=\"");
            foreach (var character in value)
            {
                if (character is '"' or '\\' or '$' or '`')
                    text.Append('\\');
                text.Append(character);
            }
            text.Append("\"\n");
        }
        return text.ToString();
    }

    private static void Check(string name, string value)
    {
        if (!Name().IsMatch(name))
            throw new ServiceException(ServiceFailure.InvalidValue, $"'{new string([.. name.Where(character => !char.IsControl(character))])}' is no name of a variable: letters, digits and underscores, no digit first.");
        if (value.Any(char.IsControl))
            throw new ServiceException(ServiceFailure.InvalidValue, $"The value of {name} has a line break or another control character; a variable of a service is one line.", "Put longer content into a file that the configuration names.");
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Name();
}
