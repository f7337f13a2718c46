using PSRegistry.Testing;

namespace PSRegistry.ModuleTests;

/// <summary>The package, made once for all of these tests as build.ps1 makes it.</summary>
public sealed class Package : IAsyncLifetime, IAsyncDisposable
{
    private readonly TemporaryFolder _output = new();

    /// <summary>The folder that goes to a gallery.</summary>
    public string Folder => _output["PSRegistry"];

    /// <summary>The copy of ASP.NET Core in it.</summary>
    public string AspNetCore => _output["PSRegistry", "module", "bin", "aspnetcore"];

    /// <summary>The shell published with a runtime of its own, as PowerShell's packages are; made by the first test that asks for it.</summary>
    public async Task<string> SelfContainedShellAsync(CancellationToken cancellationToken)
    {
        var folder = _output["shell"];
        if (!Directory.Exists(folder))
        {
            await DotnetAsync(cancellationToken, "publish", Path.Combine(ModuleFolder.Root, "tests", "PSRegistry.Shell"), "--use-current-runtime",
                "--self-contained", "-p:BuildProjectReferences=false", "--artifacts-path", _output["build"], "-o", folder);
        }
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "PSRegistry.Shell.exe" : "PSRegistry.Shell");
    }

    public async ValueTask InitializeAsync() =>
        await DotnetAsync(TestContext.Current.CancellationToken, "build", Path.Combine(ModuleFolder.Root, "src", "PSRegistry.Module"), "-t:Package",
            $"-p:PackageFolder={_output}");

    public ValueTask DisposeAsync() => _output.DisposeAsync();

    // Without servers of the build that would outlive it.
    private static async Task DotnetAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await ProgramRun.OfAsync(
            new ProgramCommand("dotnet", [.. arguments, "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
            {
                Timeout = TimeSpan.FromMinutes(8),
            },
            cancellationToken)).MustExitWith(0);
}

[CollectionDefinition(nameof(Package))]
public sealed class PackageTests : ICollectionFixture<Package>;
