namespace PSRegistry.ModuleTests;

/// <summary>The checkout, whose root manifest is the module under test.</summary>
internal static class ModuleFolder
{
    public static string Root { get; } = FindRoot();

    public static string Manifest { get; } = Path.Combine(Root, "PSRegistry.psd1");

    /// <summary>The program that runs a script with the module, of the same configuration as the tests.</summary>
    public static string Shell { get; } = Path.Combine(
        Root, "tests", "PSRegistry.Shell", "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!), "net10.0", "PSRegistry.Shell.dll");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "PSRegistry.sln")))
                return folder;
        }
        throw new DirectoryNotFoundException("PSRegistry.sln is in no folder above the tests.");
    }
}
