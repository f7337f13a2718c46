using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace PSRegistry.Architecture.Tests;

public sealed class ArrowTests
{
    [Fact]
    public void Every_project_under_src_is_a_room_that_is_drawn()
    {
        var projects = Directory.EnumerateFiles(Path.Combine(House.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(House.Rooms.Keys.Order(), projects.Order());
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(House.Root, "PSRegistry.sln")).Replace('\\', '/');
        foreach (var project in House.Projects)
            Assert.Contains(Path.GetRelativePath(House.Root, project).Replace('\\', '/'), solution, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_measured_by_a_test_run_and_nothing_uses_what_measures()
    {
        var projects = House.Projects.ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, XDocument.Load);
        Assert.Equal([House.Benchmarks], projects.Where(project => project.Value.Includes("PackageReference").Contains("BenchmarkDotNet")).Select(project => project.Key));
        Assert.DoesNotContain("xunit.v3", projects[House.Benchmarks].Includes("PackageReference"));
        Assert.DoesNotContain(projects.Values.SelectMany(project => project.Includes("ProjectReference")), path => path.Contains(House.Benchmarks, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(House.Names), MemberType = typeof(House))]
    public void A_room_declares_no_arrow_that_is_not_drawn(string room)
    {
        var project = House.Project(room);
        var rooms = project.Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        Assert.Empty(rooms.Except(House.Rooms[room].MayUse));
        var libraries = project.Includes("PackageReference").Concat(project.Includes("FrameworkReference"));
        Assert.Empty(libraries.Except(House.Rooms[room].Libraries));
    }

    [Theory]
    [MemberData(nameof(House.Names), MemberType = typeof(House))]
    public void A_room_is_compiled_against_no_room_that_is_not_drawn(string room) =>
        Assert.Empty(ReferencesOf(room).Where(name => name.StartsWith("PSRegistry.", StringComparison.Ordinal)).Except(House.Rooms[room].MayUse));

    [Theory]
    [MemberData(nameof(House.Names), MemberType = typeof(House))]
    public void Only_the_server_and_the_program_know_the_web_framework(string room)
    {
        var knowsWeb = ReferencesOf(room).Any(name => name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));
        Assert.True(!knowsWeb || House.Rooms[room].Libraries.Contains("Microsoft.AspNetCore.App"), $"{room} refers to ASP.NET Core.");
    }

    [Theory]
    [MemberData(nameof(House.OfTheProgram), MemberType = typeof(House))]
    public void No_room_of_the_program_knows_PowerShell(string room) => Assert.DoesNotContain("System.Management.Automation", ReferencesOf(room));

    [Theory]
    [MemberData(nameof(House.Names), MemberType = typeof(House))]
    public void Rooms_without_libraries_need_the_base_library_alone(string room)
    {
        if (House.Rooms[room].Libraries.Length > 0)
            return;
        var foreign = ReferencesOf(room).Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("PSRegistry.", StringComparison.Ordinal));
        Assert.Empty(foreign.Except(["Microsoft.Win32.Primitives"]));
    }

    [Theory]
    [MemberData(nameof(House.OfTheProgram), MemberType = typeof(House))]
    public void A_room_of_the_program_is_checked_for_native_compilation(string room) =>
        Assert.Equal("true", House.Project(room).Descendants("IsAotCompatible").Single().Value);

    private static List<string> ReferencesOf(string room)
    {
        using var image = new PEReader(File.OpenRead(House.Assembly(room)));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
