using System.Security.Cryptography.X509Certificates;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests;

/// <summary>The package in an empty place, and which ASP.NET Core its server takes.</summary>
[Collection(nameof(Package))]
public sealed class PackagedServerTests(Package package) : IAsyncDisposable
{
    private readonly TemporaryFolder _place = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task It_serves_with_its_own_ASP_NET_Core_where_none_is_installed()
    {
        var module = CopyPackage();
        var shell = new ProgramCommand(await package.SelfContainedShellAsync(Token), ["-c", Serve(module)]);
        await MustServeFromAsync(await Runtimes.WithoutAsync(shell, Token), Path.Combine(module, "module", "bin", "aspnetcore"));
    }

    [Fact]
    public async Task It_takes_the_server_of_its_platform_and_else_the_one_for_all_and_reads_no_YAML_where_there_is_none()
    {
        var module = CopyPackage();
        await File.WriteAllTextAsync(_place["config.yml"], "version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: '127.0.0.1:0'}\n", Token);
        var script = $$"""
            $ErrorActionPreference = 'Stop'
            $loaded = { [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.FullName -like 'PSRegistry.Server,*' -or $_.FullName -like 'YamlDotNet,*' } | ForEach-Object { [IO.Path]::GetFileName([IO.Path]::GetDirectoryName($_.Location)) } }
            Import-Module '{{module}}/PSRegistry.psd1'
            Start-RegistryServer -InMemory | Stop-RegistryServer
            & $loaded
            'with a file:'
            Start-RegistryServer '{{_place["config.yml"]}}' | Stop-RegistryServer
            & $loaded
            """;
        var shell = new ProgramCommand(await package.SelfContainedShellAsync(Token), ["-c", script]);
        var ahead = $"server-{(OperatingSystem.IsWindows() ? "win" : "linux")}-x64";
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64)
            await MustLoadFromAsync(ahead);
        Directory.Delete(Path.Combine(module, "module", "bin", ahead), recursive: true);
        await MustLoadFromAsync("server");

        async Task MustLoadFromAsync(string folder) => Assert.Equal(
            [folder, "with a file:", folder, folder],
            (await ProgramRun.OfAsync(shell, Token)).MustExitWith(0).Output.Trim().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public async Task Its_own_ASP_NET_Core_speaks_TLS_and_HTTP_2()
    {
        var module = CopyPackage();
        WriteCertificate();
        await File.WriteAllTextAsync(
            _place["config.yml"],
            $"""
            version: 0.1
            storage:
              inmemory:
            http:
              addr: 127.0.0.1:0
              tls:
                certificate: {_place["cert.pem"]}
                key: {_place["key.pem"]}
            """,
            Token);
        var script = $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{{module}}/PSRegistry.psd1'
            $server = Start-RegistryServer '{{_place["config.yml"]}}'
            $handler = [Net.Http.HttpClientHandler]::new()
            $handler.ServerCertificateCustomValidationCallback = [Net.Http.HttpClientHandler]::DangerousAcceptAnyServerCertificateValidator
            $request = [Net.Http.HttpRequestMessage]::new('GET', [Uri]::new($server.Uri, '/v2/'))
            $request.Version = '2.0'
            $answer = [Net.Http.HttpClient]::new($handler).SendAsync($request).Result
            "$($server.Uri.Scheme) $($answer.Version) $([int]$answer.StatusCode)"
            Stop-RegistryServer $server
            """;
        var shell = new ProgramCommand(await package.SelfContainedShellAsync(Token), ["-c", script]);
        var run = (await ProgramRun.OfAsync(await Runtimes.WithoutAsync(shell, Token), Token)).MustExitWith(0);
        Assert.Equal("https 2.0 200", run.Output.Trim());
    }

    [Fact]
    public async Task Without_any_ASP_NET_Core_one_error_says_what_to_install()
    {
        var module = CopyPackage();
        Directory.Delete(Path.Combine(module, "module", "bin", "aspnetcore"), recursive: true);
        var script = $$"""
            Import-Module '{{module}}/PSRegistry.psd1'
            try { Start-RegistryServer -InMemory } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category; $_.Exception.Message }
            $Error.Count
            try { Send-RegistryEvent -DataPath '{{module}}' -Since 2026-01-01 } catch { $_.FullyQualifiedErrorId }
            """;
        var shell = new ProgramCommand(await package.SelfContainedShellAsync(Token), ["-c", script]);
        var run = (await ProgramRun.OfAsync(await Runtimes.WithoutAsync(shell, Token), Token)).MustExitWith(0);

        var lines = run.Output.Trim().Split('\n');
        Assert.StartsWith("AspNetCoreMissing,", lines[0], StringComparison.Ordinal);
        Assert.Equal("NotInstalled", lines[1]);
        Assert.Contains("Install the ASP.NET Core Runtime 10.0", lines[2], StringComparison.Ordinal);
        Assert.Equal("1", lines[3]);
        Assert.Equal("AspNetCoreMissing,PSRegistry.Commands.SendRegistryEventCommand", lines[4]);
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public async Task An_engine_with_its_own_runtime_takes_the_ASP_NET_Core_that_DOTNET_ROOT_names()
    {
        var shell = new ProgramCommand(await package.SelfContainedShellAsync(Token), ["-c", Serve(CopyPackage())]);
        await MustServeFromAsync(WithOtherRoot(shell), _place["dotnet"]);
    }

    [Fact]
    public async Task An_engine_on_an_installed_runtime_takes_the_ASP_NET_Core_beside_it()
    {
        // Away from the checkout, whose module the shell would import.
        var folder = _place["shell"];
        Copy(Path.GetDirectoryName(ModuleFolder.Shell)!, folder);
        var shell = new ProgramCommand(
            Path.Combine(Runtimes.Root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"),
            [Path.Combine(folder, Path.GetFileName(ModuleFolder.Shell)), "-c", Serve(CopyPackage())]);
        await MustServeFromAsync(WithOtherRoot(shell), Path.Combine(Runtimes.Root, "shared", "Microsoft.AspNetCore.App"));
    }

    private static string Serve(string module) => $$"""
        $ErrorActionPreference = 'Stop'
        Import-Module '{{module}}/PSRegistry.psd1'
        $server = Start-RegistryServer -InMemory
        "repositories: $(@(Get-RegistryCatalog $server.Uri).Count)"
        [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.FullName -like 'Microsoft.AspNetCore.*' } | ForEach-Object { "from $([IO.Path]::GetDirectoryName($_.Location))" }
        Stop-RegistryServer $server
        """;

    private static async Task MustServeFromAsync(ProgramCommand command, string folder)
    {
        var run = (await ProgramRun.OfAsync(command, Token)).MustExitWith(0);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("repositories: 0", lines[0]);
        var taken = Assert.Single(lines.Skip(1).Distinct());
        Assert.StartsWith($"from {folder}", taken, StringComparison.Ordinal);
    }

    /// <summary>The same command on a machine with one installation more: the one that runs the tests, under another name.</summary>
    private ProgramCommand WithOtherRoot(ProgramCommand command)
    {
        Directory.CreateDirectory(_place["dotnet", "shared"]);
        Directory.CreateSymbolicLink(_place["dotnet", "shared", "Microsoft.AspNetCore.App"], Path.Combine(Runtimes.Root, "shared", "Microsoft.AspNetCore.App"));
        return Runtimes.Without(command).With(new Dictionary<string, string?> { ["DOTNET_ROOT"] = _place["dotnet"] });
    }

    private void WriteCertificate()
    {
        using var certificate = TestCertificate.SelfSigned();
        File.WriteAllText(_place["cert.pem"], certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_place["key.pem"], key.ExportPkcs8PrivateKeyPem());
    }

    private string CopyPackage()
    {
        Copy(package.Folder, _place["PSRegistry"]);
        return _place["PSRegistry"];
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
