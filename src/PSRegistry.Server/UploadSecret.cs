using System.Security.Cryptography;
using System.Text;

namespace PSRegistry.Server;

/// <summary>
/// The secret that signs the state of uploads. A generated one is kept beside the data, readable by its owner alone, so that
/// uploads survive a restart, and servers that share the folder agree.
/// </summary>
internal static class UploadSecret
{
    private const int Length = 32;

    public static byte[] FromConfiguration(string secret) => Encoding.UTF8.GetBytes(secret);

    /// <summary>A secret for a registry that forgets everything anyway.</summary>
    public static byte[] Generate() => RandomNumberGenerator.GetBytes(Length);

    /// <summary>Reads the kept secret, or makes and keeps one.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static byte[] ReadOrKeep(string rootDirectory)
    {
        var folder = Path.Combine(rootDirectory, "psregistry");
        var file = Path.Combine(folder, "http-secret");
        if (TryRead(file) is { } kept)
            return kept;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // Written aside and moved without replacing: of several servers that start at once, the first one's secret holds.
        var aside = $"{file}.{Guid.NewGuid():N}.tmp";
        WriteForOwner(aside, Convert.ToHexStringLower(Generate()));
        try
        {
            File.Move(aside, file, overwrite: false);
        }
        catch (IOException) when (TryRead(file) is not null)
        {
            File.Delete(aside);
        }
        return TryRead(file) ?? throw new IOException($"'{file}' is empty or cut; delete it, and the registry makes a new one.");
    }

    private static byte[]? TryRead(string file)
    {
        if (!File.Exists(file))
            return null;
        var text = File.ReadAllText(file).Trim();
        return text.Length == Length * 2 ? Encoding.UTF8.GetBytes(text) : null;
    }

    private static void WriteForOwner(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }
}
