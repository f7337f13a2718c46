using System.Runtime.InteropServices;

namespace PSRegistry.Benchmarks.Comparison.Growth;

/// <summary>Many names for the few bytes of one file: a file of its own for each would be a block of the disk for each.</summary>
internal sealed partial class HardLink(string folder, string content)
{
    /// <summary>Below the 65,000 names that a file may have on ext4.</summary>
    private const int NamesOfOne = 60_000;

    private string _source = "";
    private int _names = NamesOfOne;

    /// <summary>Gives the content the name <paramref name="path"/> too.</summary>
    public void Add(string path)
    {
        if (_names++ == NamesOfOne)
        {
            _source = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            File.WriteAllText(_source, content);
            _names = 1;
        }
        if (Link(_source, path) != 0)
            throw new IOException($"'{path}' cannot be linked: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string path);
}
