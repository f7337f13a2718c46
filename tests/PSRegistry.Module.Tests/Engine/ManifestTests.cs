using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;

namespace PSRegistry.ModuleTests;

public sealed class ManifestTests
{
    [Fact]
    public void The_module_exports_its_cmdlets_and_nothing_else()
    {
        using var session = new Session();
        var module = Assert.Single(session.Run("Get-Module PSRegistry"));
        var info = (PSModuleInfo)module.BaseObject;
        var cmdlets = info.NestedModules.Single().ImplementingAssembly.GetExportedTypes().Select(type => type.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>();
        Assert.Equal(
            cmdlets.Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}").Order(StringComparer.Ordinal),
            info.ExportedCommands.Keys.Order(StringComparer.Ordinal));
        Assert.All(info.ExportedCommands.Values, command => Assert.Equal(CommandTypes.Cmdlet, command.CommandType));
    }

    [Fact]
    public void The_manifest_says_the_version_that_was_built()
    {
        using var session = new Session();
        var built = XDocument.Load(Path.Combine(ModuleFolder.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal(built, Assert.Single(session.Run("(Get-Module PSRegistry).Version.ToString()")).ToString());
    }

    [Fact]
    public void Every_cmdlet_says_what_it_writes_and_has_an_approved_verb()
    {
        using var session = new Session();
        Assert.All(
            session.Run("Get-Command -Module PSRegistry").Select(command => (CmdletInfo)command.BaseObject),
            command => Assert.NotEmpty(command.OutputType));
        Assert.Empty(session.RunWithErrors($"Import-Module '{ModuleFolder.Manifest}' -Force").Warnings);
    }

    [Theory]
    [InlineData("RegistryServer")]
    [InlineData("RegistryRepository")]
    [InlineData("RegistryTag")]
    [InlineData("RegistryLocalImage")]
    [InlineData("RegistryPublishedImage")]
    [InlineData("RegistryTagDetail")]
    [InlineData("RegistryRepositoryDetail")]
    [InlineData("RegistryStatus")]
    [InlineData("RegistryUser")]
    [InlineData("RegistryCertificate")]
    [InlineData("RegistryArchive")]
    public void What_is_written_has_a_view(string type)
    {
        var views = XDocument.Load(Path.Combine(ModuleFolder.Root, "module", "PSRegistry.Format.ps1xml"));
        Assert.Contains($"PSRegistry.Output.{type}", views.Descendants("TypeName").Select(name => name.Value));
    }
}
