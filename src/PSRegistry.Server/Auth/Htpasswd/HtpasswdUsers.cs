using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace PSRegistry.Server.Auth;

/// <summary>What an htpasswd file says: users with bcrypt hashes, and remarks on the lines that nobody can log in with.</summary>
internal sealed class HtpasswdUsers
{
    /// <summary>At this cost a login takes a second.</summary>
    private const int SlowCost = 14;

    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);

    private readonly FrozenDictionary<string, HtpasswdEntry> _entries;
    private readonly BcryptHash[] _stand;

    private HtpasswdUsers(Dictionary<string, HtpasswdEntry> entries, List<string> remarks)
    {
        _entries = entries.ToFrozenDictionary(StringComparer.Ordinal);
        _stand = [.. entries.Values.Select(entry => entry.Hash.Cost).Order().Select(BcryptHash.OfNothing)];
        if (_stand.Length == 0)
            _stand = [BcryptHash.OfNothing(BcryptHash.DefaultCost)];
        Remarks = remarks;
    }

    /// <summary>What is wrong with lines, each with its number and never with its content.</summary>
    public IReadOnlyList<string> Remarks { get; }

    public int Count => _entries.Count;

    public HtpasswdEntry? Find(string user) => _entries.GetValueOrDefault(user);

    /// <summary>
    /// The hash to spend time on for a user who is not there. Its cost is that of one of the entries, always the same for the same
    /// name and unforeseeable from outside, so that the time of an answer tells nothing about who is in the file.
    /// </summary>
    public BcryptHash StandIn(string user)
    {
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(ProcessKey, Encoding.UTF8.GetBytes(user), tag);
        return _stand[BitConverter.ToUInt32(tag) % (uint)_stand.Length];
    }

    /// <summary>Reads the text of a file. A line that is not understood lets nobody in, and leaves the others alone.</summary>
    /// <param name="text">The text.</param>
    /// <param name="before">What counted before: who has the same hash still stays logged in; null for nothing.</param>
    public static HtpasswdUsers Parse(string text, HtpasswdUsers? before = null)
    {
        var entries = new Dictionary<string, HtpasswdEntry>(StringComparer.Ordinal);
        var remarks = new List<string>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (ParseLine(line, out var user, out var hash) is { } remark)
                remarks.Add($"line {number}: {remark}");
            else if (!entries.TryAdd(user, Entry(user, hash!)))
            {
                entries[user] = Entry(user, hash!);
                remarks.Add($"line {number}: the user is named a second time; this line counts");
            }
            else if (hash!.Cost >= SlowCost)
                remarks.Add($"line {number}: bcrypt at cost {hash.Cost} makes every login slow; {BcryptHash.DefaultCost} to 12 is usual");
        }
        return new HtpasswdUsers(entries, remarks);

        HtpasswdEntry Entry(string user, BcryptHash hash) =>
            before?.Find(user) is { } known && known.Hash.Reveal() == hash.Reveal() ? known : new HtpasswdEntry(user, hash);
    }

    /// <summary>Reads a line that is neither empty nor a comment, without spaces around it.</summary>
    /// <returns>Why nobody can log in with it; null when somebody can.</returns>
    public static string? ParseLine(string line, out string user, out BcryptHash? hash)
    {
        hash = null;
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        user = colon > 0 ? line[..colon] : "";
        if (colon <= 0)
            return "this is no user:hash; nobody can log in with it";
        if (line.Contains('\uFFFD', StringComparison.Ordinal))
            return "this is not UTF-8; nobody can log in with it";
        hash = BcryptHash.TryParse(line[(colon + 1)..]);
        return hash is null ? $"{KindOf(line[(colon + 1)..])} is not accepted; write a bcrypt hash (htpasswd -B, or psregistry hash-password)" : null;
    }

    private static string KindOf(string hash) => hash switch
    {
        _ when hash.StartsWith("$2", StringComparison.Ordinal) => "a bcrypt hash that is not whole",
        _ when hash.StartsWith("$apr1$", StringComparison.Ordinal) => "an MD5 hash (apr1)",
        _ when hash.StartsWith("$1$", StringComparison.Ordinal) => "an MD5 hash (crypt)",
        _ when hash.StartsWith("{SHA}", StringComparison.Ordinal) => "a SHA-1 hash",
        _ when hash.StartsWith("{SSHA}", StringComparison.Ordinal) => "a salted SHA-1 hash",
        _ when hash.StartsWith("$5$", StringComparison.Ordinal) => "a SHA-256 hash (crypt)",
        _ when hash.StartsWith("$6$", StringComparison.Ordinal) => "a SHA-512 hash (crypt)",
        _ when hash.StartsWith("$y$", StringComparison.Ordinal) => "a yescrypt hash",
        _ when hash.StartsWith("$argon2", StringComparison.Ordinal) => "an Argon2 hash",
        _ => "a password in clear, or a hash of another kind,",
    };
}
