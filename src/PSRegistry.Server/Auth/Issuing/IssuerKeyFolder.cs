using System.Globalization;
using PSRegistry.Storage;

namespace PSRegistry.Server.Auth;

/// <summary>Where the keys of the issuer lie: numbered files that their owner alone may read, or this memory.</summary>
/// <param name="path">The folder; null for memory.</param>
internal sealed class IssuerKeyFolder(string? path)
{
    private const string Ending = ".key";

    private readonly Dictionary<int, string> _memory = [];

    /// <summary>The folder, for messages.</summary>
    public string Name => path ?? "memory";

    /// <summary>The numbers of the keys, in order.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<int> List()
    {
        if (path is null)
            return [.. _memory.Keys.Order()];
        if (!Directory.Exists(path))
            return [];
        return [.. Directory.EnumerateFiles(path, "*" + Ending).Select(file => NumberOf(Path.GetFileNameWithoutExtension(file))).Where(number => number > 0).Order()];
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public string Read(int number) => path is null ? _memory[number] : File.ReadAllText(FileOf(number));

    /// <summary>Keeps a key, on disk when this returns, unless another server of the same folder was first: then its key holds.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void Add(int number, string text)
    {
        if (path is null)
            _memory.TryAdd(number, text);
        else
            OwnerOnlyFile.TryMake(FileOf(number), text);
    }

    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void Remove(int number)
    {
        if (path is null)
            _memory.Remove(number);
        else
            File.Delete(FileOf(number));
    }

    private string FileOf(int number) => Path.Combine(path!, number.ToString("D6", CultureInfo.InvariantCulture) + Ending);

    private static int NumberOf(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
