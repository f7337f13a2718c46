namespace PSRegistry.Architecture.Tests;

/// <summary>What a build leaves in module/bin is what ships: a file that nobody meant to ship is a fault.</summary>
public sealed class ModuleFolderTests
{
    [Fact]
    public void Beside_the_cmdlets_lie_the_rooms_they_use_and_no_library() =>
        Assert.Equal(
            Files("PSRegistry.Client.dll", "PSRegistry.Client.pdb", "PSRegistry.Hosting.dll", "PSRegistry.Hosting.pdb", "PSRegistry.Module.dll",
                "PSRegistry.Module.pdb", "PSRegistry.Oci.dll", "PSRegistry.Oci.pdb", "PSRegistry.Storage.dll", "PSRegistry.Storage.pdb"),
            In(House.Output("PSRegistry.Module")));

    [Fact]
    public void Behind_the_door_lie_the_server_and_its_libraries() =>
        Assert.Equal(
            Files("BCrypt-Net-Next.dll", "Microsoft.Bcl.Cryptography.dll", "Microsoft.IdentityModel.Abstractions.dll", "Microsoft.IdentityModel.JsonWebTokens.dll",
                "Microsoft.IdentityModel.Logging.dll", "Microsoft.IdentityModel.Tokens.dll", "OpenTelemetry.Api.ProviderBuilderExtensions.dll",
                "OpenTelemetry.Api.dll", "OpenTelemetry.Exporter.OpenTelemetryProtocol.dll", "OpenTelemetry.dll", "PSRegistry.Server.dll", "PSRegistry.Server.pdb",
                "YamlDotNet.dll", "ZstdSharp.dll"),
            In(Path.Combine(House.Output("PSRegistry.Module"), "server")));

    [Fact]
    public void There_is_no_other_folder() =>
        Assert.Equal(["en-US", "server"], Directory.EnumerateDirectories(House.Output("PSRegistry.Module")).Select(Path.GetFileName));

    private static string[] Files(params string[] names) => names;

    private static string?[] In(string folder) => [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
