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

    /// <summary>The kept secret; null where there is none yet.</summary>
    /// <exception cref="IOException">It cannot be read, or is cut.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[]? Read(string rootDirectory)
    {
        var file = FileIn(rootDirectory);
        if (!File.Exists(file))
            return null;
        var text = File.ReadAllText(file).Trim();
        return text.Length == Length * 2 ? Encoding.UTF8.GetBytes(text) : throw new IOException($"'{file}' is empty or cut; delete it, and the registry makes a new one.");
    }

    /// <summary>Makes the folder that the secret is kept in, and returns it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static string MakeFolder(string rootDirectory)
    {
        var folder = Path.GetDirectoryName(FileIn(rootDirectory))!;
        OwnerOnlyFile.MakeFolder(folder);
        return folder;
    }

    /// <summary>Reads the kept secret, or makes and keeps one; of several servers that do so at once, the first one's holds for all.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static byte[] ReadOrKeep(string rootDirectory)
    {
        if (Read(rootDirectory) is { } kept)
            return kept;
        var file = FileIn(rootDirectory);
        OwnerOnlyFile.TryMake(file, Convert.ToHexStringLower(Generate()));
        return Read(rootDirectory) ?? throw new FileNotFoundException($"'{file}' was removed as soon as it was made.", file);
    }

    private static string FileIn(string rootDirectory) => Path.Combine(rootDirectory, "psregistry", "http-secret");
}
