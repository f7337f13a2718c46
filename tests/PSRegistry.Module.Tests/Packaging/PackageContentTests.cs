using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests;

[Collection(nameof(Package))]
public sealed class PackageContentTests(Package package)
{
    [Fact]
    public void It_is_the_tree_that_is_developed_in_with_ASP_NET_Core_and_the_server_compiled_ahead()
    {
        var developed = Files(ModuleFolder.Root, "module").Concat(["LICENSE", "PSRegistry.psd1", "README.md"]).ToList();
        var server = developed.Where(file => file.StartsWith("module/bin/server/", StringComparison.Ordinal) && file.EndsWith(".dll", StringComparison.Ordinal));
        developed.AddRange(new[] { "linux-x64", "win-x64" }.SelectMany(platform => server.Select(file => file.Replace("/server/", $"/server-{platform}/", StringComparison.Ordinal))).ToList());
        var packaged = Files(package.Folder, ".").Where(file => !file.StartsWith("module/bin/aspnetcore/", StringComparison.Ordinal));
        Assert.Equal(developed.Order(StringComparer.Ordinal), packaged.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_in_it_names_the_folder_it_was_built_in()
    {
        var root = Encoding.UTF8.GetBytes(ModuleFolder.Root);
        Assert.DoesNotContain(Files(package.Folder, "."), file => File.ReadAllBytes(Path.Combine(package.Folder, file)).AsSpan().IndexOf(root) >= 0);
    }

    [Fact]
    public void Its_ASP_NET_Core_runs_on_every_platform()
    {
        var native = Directory.EnumerateFiles(package.AspNetCore, "*.dll").Where(file =>
        {
            using var image = new PEReader(File.OpenRead(file));
            var header = image.PEHeaders.CorHeader!;
            return !header.Flags.HasFlag(CorFlags.ILOnly) || header.ManagedNativeHeaderDirectory.Size > 0 || image.PEHeaders.CoffHeader.Machine != Machine.I386;
        });
        Assert.Empty(native.Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("linux-x64", 0x7b79)]
    [InlineData("win-x64", 0)]
    public void Its_server_is_compiled_ahead_for_a_platform(string platform, int system)
    {
        var folder = Path.Combine(package.Folder, "module", "bin", "server-" + platform);
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll"))
        {
            using var image = new PEReader(File.OpenRead(file));
            Assert.True(image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0, $"{file} is not compiled");
            // The kind of processor, mixed with a number for the system.
            Assert.Equal((int)Machine.Amd64, (ushort)image.PEHeaders.CoffHeader.Machine ^ system);
        }
    }

    [Fact]
    public void Its_ASP_NET_Core_is_whole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "it is made of the assemblies of Linux");
        var installed = Path.Combine(Runtimes.Root, "shared", "Microsoft.AspNetCore.App", Version());
        if (!Directory.Exists(installed))
            Peer.Missing($"ASP.NET Core {Version()}, of which the package has a copy, is not installed");
        Assert.Equal(Contents(installed), Contents(package.AspNetCore));
    }

    [Fact]
    public void Its_ASP_NET_Core_comes_with_its_license() =>
        Assert.Equal(
            ["LICENSE.txt", "Microsoft.AspNetCore.App.versions.txt", "THIRD-PARTY-NOTICES.TXT"],
            Files(package.AspNetCore, ".").Where(file => !file.EndsWith(".dll", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public async Task No_other_folder_is_emptied_for_it()
    {
        await using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["PSRegistry"]);
        await File.WriteAllTextAsync(folder["PSRegistry", "diary"], "dear", TestContext.Current.CancellationToken);

        var project = Path.Combine(ModuleFolder.Root, "src", "PSRegistry.Module", "PSRegistry.Module.csproj");
        var refused = await ProgramRun.OfAsync(
            new ProgramCommand("dotnet", ["msbuild", project, "-t:Package", $"-p:PackageFolder={folder}", "-nodeReuse:false"]), TestContext.Current.CancellationToken);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("holds something else than an earlier package", refused.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["PSRegistry", "diary"]));
    }

    private static IEnumerable<string> Files(string root, string under) =>
        Directory.EnumerateFiles(Path.Combine(root, under), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'));

    private string Version() => File.ReadAllLines(Path.Combine(package.AspNetCore, "Microsoft.AspNetCore.App.versions.txt"))[^1].Trim();

    /// <summary>What the assemblies of a folder hold, counted.</summary>
    private static IEnumerable<string> Contents(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            using var image = new PEReader(File.OpenRead(file));
            var metadata = image.GetMetadataReader();
            var name = metadata.GetAssemblyDefinition();
            yield return $"{metadata.GetString(name.Name)} {name.Version}: {metadata.TypeDefinitions.Count} types, {metadata.MethodDefinitions.Count} methods, "
                + $"{metadata.FieldDefinitions.Count} fields, {metadata.ManifestResources.Count} resources, references "
                + string.Join(' ', metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).Order(StringComparer.Ordinal));
        }
    }
}
