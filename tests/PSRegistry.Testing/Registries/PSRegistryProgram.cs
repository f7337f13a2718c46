using System.Runtime.InteropServices;

namespace PSRegistry.Testing;

/// <summary>
/// Our own program, run as its users run it: the portable build beside these tests, or the program that
/// <c>PSREGISTRY_TEST_PROGRAM</c> names (the native build).
/// </summary>
public static class PSRegistryProgram
{
    /// <summary>The variable that names another build to test.</summary>
    public const string ProgramVariable = "PSREGISTRY_TEST_PROGRAM";

    /// <summary>Starts <c>psregistry serve config.yml</c> and waits until it answers.</summary>
    public static Task<RegistryProcess> StartAsync(RegistrySettings settings, CancellationToken cancellationToken) =>
        RegistryProcess.StartAsync(file => Command("serve", file), settings, cancellationToken);

    /// <summary>The command <c>psregistry arguments...</c>.</summary>
    public static ProgramCommand Command(params IReadOnlyList<string> arguments)
    {
        if (Environment.GetEnvironmentVariable(ProgramVariable) is { Length: > 0 } program)
        {
            return new ProgramCommand(program, arguments);
        }

        return new ProgramCommand(DotNet(), [PortableBuild(), .. arguments]);
    }

    // .../shared/Microsoft.NETCore.App/10.0.x/ lies three folders below the dotnet program that runs these tests.
    private static string DotNet() =>
        Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    // <repository>/tests/<project>/bin/<configuration>/net10.0/ is where tests run from.
    private static string PortableBuild()
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var repository = output;
        while (repository is not null && !File.Exists(Path.Combine(repository.FullName, "PSRegistry.sln")))
        {
            repository = repository.Parent;
        }

        return repository is null || output.Parent is null
            ? throw new InvalidOperationException($"no PSRegistry.sln above {output}")
            : Path.Combine(repository.FullName, "src", "PSRegistry.Host", "bin", output.Parent.Name, output.Name, "psregistry.dll");
    }
}
