using System.Text;

namespace PSRegistry.Server.Auth;

/// <summary>Makes lines for htpasswd files.</summary>
public static class HtpasswdLine
{
    /// <summary>The cost where none is asked for.</summary>
    public const int DefaultCost = BcryptHash.DefaultCost;

    /// <summary>Makes <c>user:$2y$...</c>, a line that the original reads too.</summary>
    /// <param name="user">The user.</param>
    /// <param name="password">The password, at most 72 bytes of UTF-8: bcrypt reads no more.</param>
    /// <param name="cost">The binary logarithm of bcrypt's rounds, 4 to 31.</param>
    /// <param name="line">The line, without its end.</param>
    /// <param name="reason">Why there is none, as a sentence without the password.</param>
    public static bool TryMake(string user, string password, int cost, out string line, out string reason)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(password);
        line = "";
        reason = 0 switch
        {
            _ when user.Trim().Length == 0 || user != user.Trim() => "A user needs a name, without spaces around it.",
            _ when user.Contains(':', StringComparison.Ordinal) || user[0] == '#' || user.Any(char.IsControl) || user.Contains('\uFFFD', StringComparison.Ordinal) =>
                "A user's name holds no colon and no control character, and does not begin with #.",
            _ when password.Length == 0 => "An empty password protects nothing.",
            _ when password.Contains('\0', StringComparison.Ordinal) => "A password holds no zero character.",
            _ when Encoding.UTF8.GetByteCount(password) > BcryptHash.PasswordBytes => $"bcrypt reads {BcryptHash.PasswordBytes} bytes of a password; choose a shorter one.",
            _ when cost is < 4 or > 31 => "The cost of bcrypt is a number from 4 to 31.",
            _ => "",
        };
        if (reason.Length > 0)
            return false;
        line = $"{user}:{BcryptHash.Of(password, cost).Reveal()}";
        return true;
    }
}
