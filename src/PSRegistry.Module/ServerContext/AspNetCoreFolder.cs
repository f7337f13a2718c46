using System.Runtime.InteropServices;

namespace PSRegistry.ServerContext;

/// <summary>
/// Finds ASP.NET Core, which PowerShell does not carry: beside the running .NET, else in one that is installed, else the copy that
/// ships with the module.
/// </summary>
internal static class AspNetCoreFolder
{
    private const string Framework = "Microsoft.AspNetCore.App";

    /// <summary>The file that tells a whole installation from the remains of one.</summary>
    private const string Mark = "Microsoft.AspNetCore.Server.Kestrel.Core.dll";

    /// <summary>The folder with the assemblies of ASP.NET Core for the running .NET; null when there is none.</summary>
    public static string? Find(string moduleFolder)
    {
        foreach (var root in Roots())
        {
            if (Newest(root) is { } folder)
                return folder;
        }
        return WhenWhole(Path.Combine(moduleFolder, "aspnetcore"));
    }

    /// <summary>Where installations of .NET are, the running one first.</summary>
    private static IEnumerable<string> Roots()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ — in a self-contained PowerShell this leads nowhere.
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        if (Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")) is { } own)
            yield return own;
        foreach (var variable in new[] { $"DOTNET_ROOT_{RuntimeInformation.ProcessArchitecture.ToString().ToUpperInvariant()}", "DOTNET_ROOT" })
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } root)
                yield return root;
        }
        if (OperatingSystem.IsWindows())
        {
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet");
            yield break;
        }
        if (ReadInstallLocation() is { } registered)
            yield return registered;
        yield return OperatingSystem.IsMacOS() ? "/usr/local/share/dotnet" : "/usr/share/dotnet";
        yield return "/usr/lib/dotnet";
        yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet");
    }

    /// <summary>
    /// The newest ASP.NET Core of the running .NET's major and minor version. A loop, because LINQ over value tuples has 40 methods that are
    /// compiled while a user waits for the server.
    /// </summary>
    private static string? Newest(string root)
    {
        var versions = Path.Combine(root, "shared", Framework);
        if (!Directory.Exists(versions))
            return null;
        var running = Environment.Version;
        string? newest = null;
        Version? newestVersion = null;
        foreach (var folder in Directory.EnumerateDirectories(versions))
        {
            if (!Version.TryParse(Path.GetFileName(folder), out var version) || version.Major != running.Major || version.Minor != running.Minor)
                continue;
            if (version.CompareTo(newestVersion) > 0 && WhenWhole(folder) is not null)
                (newest, newestVersion) = (folder, version);
        }
        return newest;
    }

    private static string? WhenWhole(string folder) => File.Exists(Path.Combine(folder, Mark)) ? folder : null;

    private static string? ReadInstallLocation()
    {
        try
        {
            return File.ReadLines("/etc/dotnet/install_location").FirstOrDefault(line => line.Length > 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
