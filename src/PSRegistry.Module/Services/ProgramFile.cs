namespace PSRegistry.Services;

/// <summary>The program psregistry that a service runs.</summary>
internal static class ProgramFile
{
    private static string Name => OperatingSystem.IsWindows() ? "psregistry.exe" : "psregistry";

    /// <summary>The one that was named, else the one beside the module, else the one on PATH; absolute.</summary>
    /// <exception cref="ServiceException">There is none.</exception>
    public static string Find(string? named)
    {
        if (named is not null)
            return IsProgram(named) ? named : throw new ServiceException(ServiceFailure.NoProgram, $"'{named}' is no program that can be run.", HowToGet);
        return Candidates().Select(folder => Path.Combine(folder, Name)).FirstOrDefault(IsProgram)
            ?? throw new ServiceException(ServiceFailure.NoProgram, "The program psregistry is neither beside the module nor on PATH, and a service runs it without PowerShell.", HowToGet);
    }

    private static string HowToGet =>
        "In a checkout of PSRegistry run: dotnet publish src/PSRegistry.Host -c Release --use-current-runtime -p:PublishAot=true -o out. Then put out/psregistry into a folder of PATH, or name it with -ProgramPath.";

    /// <summary>module/bin holds the assembly, two folders below the module's own.</summary>
    private static IEnumerable<string> Candidates()
    {
        var module = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(ProgramFile).Assembly.Location)!, "..", ".."));
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified).Prepend(module);
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
