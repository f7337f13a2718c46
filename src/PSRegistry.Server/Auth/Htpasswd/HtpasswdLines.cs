using System.Text;

namespace PSRegistry.Server.Auth;

/// <summary>An htpasswd file line by line, for changing one user and nothing else: comments, order, and other users' lines stay byte for byte.</summary>
internal sealed class HtpasswdLines
{
    private readonly List<Line> _lines;

    private HtpasswdLines(List<Line> lines) => _lines = lines;

    /// <summary>The users in the order of their lines. Of a user who is named twice the last line counts, as at a login.</summary>
    public IReadOnlyList<HtpasswdUser> Users =>
        [.. _lines.Select(line => line.User).OfType<HtpasswdUser>().Reverse().DistinctBy(user => user.Name).Reverse()];

    public static HtpasswdLines Parse(byte[] content)
    {
        var lines = new List<Line>();
        for (var start = 0; start < content.Length;)
        {
            var end = Array.IndexOf(content, (byte)'\n', start);
            end = end < 0 ? content.Length : end + 1;
            lines.Add(new Line(content[start..end], UserOf(content.AsSpan(start, end - start))));
            start = end;
        }
        return new HtpasswdLines(lines);
    }

    /// <summary>The file with this line in the place of the user's first, else at the end; further lines of the user are gone.</summary>
    public byte[] With(string user, string line)
    {
        var added = new Line(Encoding.UTF8.GetBytes(line + "\n"), null);
        var place = _lines.FindIndex(old => old.User?.Name == user);
        List<Line> lines = [.. _lines.Where((old, index) => index == place || old.User?.Name != user)];
        if (place >= 0)
            lines[place] = added;
        else
            lines.Add(added);
        return Join(lines);
    }

    /// <summary>The file without the user; null when nobody of that name is in it.</summary>
    public byte[]? Without(string user) => _lines.Exists(line => line.User?.Name == user) ? Join(_lines.Where(line => line.User?.Name != user)) : null;

    private static byte[] Join(IEnumerable<Line> lines)
    {
        using var content = new MemoryStream();
        foreach (var line in lines)
        {
            // The last line of a file need not have an end, until another one follows.
            if (content.Length > 0 && content.GetBuffer()[content.Length - 1] != '\n')
                content.WriteByte((byte)'\n');
            content.Write(line.Bytes);
        }
        return content.ToArray();
    }

    private static HtpasswdUser? UserOf(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes).Trim().TrimStart('\uFEFF');
        if (text.Length == 0 || text[0] == '#')
            return null;
        var remark = HtpasswdUsers.ParseLine(text, out var user, out var hash);
        return user.Length > 0 ? new HtpasswdUser(user, hash?.Cost, remark) : null;
    }

    private sealed record Line(byte[] Bytes, HtpasswdUser? User);
}
