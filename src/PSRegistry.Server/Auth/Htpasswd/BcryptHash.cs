using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace PSRegistry.Server.Auth;

/// <summary>A bcrypt hash as it stands in an htpasswd file: <c>$2y$10$</c>, 22 characters of salt, 31 of digest.</summary>
internal sealed partial class BcryptHash
{
    /// <summary>The cost of hashes that are made here, as the original makes them.</summary>
    public const int DefaultCost = 10;

    /// <summary>What bcrypt reads of a password; the rest counts neither here nor in the original.</summary>
    public const int PasswordBytes = 72;

    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly string _text;

    private BcryptHash(string text) => (_text, Cost) = (text, ((text[4] - '0') * 10) + text[5] - '0');

    /// <summary>The binary logarithm of the rounds, 4 to 31.</summary>
    public int Cost { get; }

    public static BcryptHash? TryParse(string text) => Form().IsMatch(text) ? new BcryptHash(text) : null;

    /// <summary>Makes the hash of a password. Takes a twentieth of a second of a processor, and twice that with each step of cost.</summary>
    public static BcryptHash Of(string password, int cost) =>
        new(BCrypt.Net.BCrypt.HashPassword(password, BCrypt.Net.BCrypt.GenerateSalt(cost, 'y')));

    /// <summary>A hash that nobody knows a password for, to spend the same time on.</summary>
    public static BcryptHash OfNothing(int cost) =>
        new($"$2y${cost:00}${RandomNumberGenerator.GetString(Alphabet, 21)}.{RandomNumberGenerator.GetString(Alphabet, 30)}.");

    /// <summary>Whether the password is the one. As long a computation for a right one as for a wrong one.</summary>
    public bool Verify(string password) => BCrypt.Net.BCrypt.Verify(password, _text);

    /// <summary>As it stands in the file.</summary>
    public string Reveal() => _text;

    /// <summary>Without the hash.</summary>
    public override string ToString() => $"bcrypt, cost {Cost}";

    [GeneratedRegex(@"^\$2[abxy]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex Form();
}
