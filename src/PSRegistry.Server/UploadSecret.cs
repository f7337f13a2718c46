using System.Security.Cryptography;
using System.Text;
using PSRegistry.Storage;

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

    /// <summary>Whether one was kept, be it readable or not.</summary>
    public static bool IsKept(string rootDirectory) => File.Exists(FileIn(rootDirectory));

    /// <summary>Reads the kept secret, or makes and keeps one.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static byte[] ReadOrKeep(string rootDirectory)
    {
        var file = FileIn(rootDirectory);
        if (TryRead(file) is { } kept)
            return kept;
        OwnerOnlyFile.TryMake(file, Convert.ToHexStringLower(Generate()));
        return TryRead(file) ?? throw new IOException($"'{file}' is empty or cut; delete it, and the registry makes a new one.");
    }

    private static string FileIn(string rootDirectory) => Path.Combine(rootDirectory, "psregistry", "http-secret");

    private static byte[]? TryRead(string file)
    {
        if (!File.Exists(file))
            return null;
        var text = File.ReadAllText(file).Trim();
        return text.Length == Length * 2 ? Encoding.UTF8.GetBytes(text) : null;
    }
}
