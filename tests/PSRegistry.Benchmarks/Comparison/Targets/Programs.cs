using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Targets;

/// <summary>The programs of this machine. What is missing is told once and leaves its rows empty.</summary>
internal sealed class Programs(TextWriter output)
{
    private readonly Dictionary<string, string?> _found = [];

    /// <summary>The path of a program on PATH; null, told aloud, where there is none.</summary>
    public string? Find(string program)
    {
        if (_found.TryGetValue(program, out var known))
            return known;
        var path = Peer.Find(program);
        if (path is null)
            output.WriteLine($"!! {program} is not installed: its rows are skipped.");
        return _found[program] = path;
    }

    /// <summary>Our program: as given, or built natively into <paramref name="folder"/>.</summary>
    public async Task<string> FindOursAsync(string? given, string folder, CancellationToken cancellationToken)
    {
        if (given is not null)
            return InFolder(given);
        await output.WriteLineAsync("building psregistry natively...");
        string[] publish = ["publish", Path.Combine(Repository(), "src", "PSRegistry.Host"), "-c", "Release", "--use-current-runtime", "-p:PublishAot=true", "-o", folder, "-v", "quiet"];
        (await ProgramRun.OfAsync(new ProgramCommand("dotnet", publish) { Timeout = TimeSpan.FromMinutes(15) }, cancellationToken)).MustExitWith(0);
        return InFolder(folder);
    }

    /// <summary>A build's program: the file itself, or <c>psregistry</c> of the folder.</summary>
    public static string InFolder(string path)
    {
        var candidates = new[] { path, Path.Combine(path, "psregistry"), Path.Combine(path, "psregistry.dll") };
        return candidates.FirstOrDefault(File.Exists) is { } program ? Path.GetFullPath(program) : throw new FileNotFoundException($"There is no psregistry at '{path}'.");
    }

    /// <summary>The root of this repository.</summary>
    public static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "PSRegistry.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"PSRegistry.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
