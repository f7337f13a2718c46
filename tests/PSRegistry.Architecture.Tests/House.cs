using System.Xml.Linq;

namespace PSRegistry.Architecture.Tests;

/// <summary>The rooms as they are drawn: what each may refer to. A room or an arrow that is not here is a fault.</summary>
internal static class House
{
    /// <summary>Every room, the rooms it may use, and the libraries that only it may bring in.</summary>
    public static IReadOnlyDictionary<string, Room> Rooms { get; } = new Dictionary<string, Room>
    {
        ["PSRegistry.Oci"] = new([], []),
        ["PSRegistry.Storage"] = new(["PSRegistry.Oci"], []),
        ["PSRegistry.Client"] = new(["PSRegistry.Oci"], []),
        ["PSRegistry.Hosting"] = new(["PSRegistry.Oci"], []),
        ["PSRegistry.Server"] = new(["PSRegistry.Oci", "PSRegistry.Hosting", "PSRegistry.Storage"], ["BCrypt.Net-Next", "Microsoft.IdentityModel.JsonWebTokens", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "YamlDotNet", "ZstdSharp.Port", "Microsoft.AspNetCore.App"]),
        ["PSRegistry.Module"] = new(["PSRegistry.Oci", "PSRegistry.Hosting", "PSRegistry.Client", "PSRegistry.Storage"], ["PowerShellStandard.Library"]),
        ["PSRegistry.Help"] = new([], ["System.Reflection.MetadataLoadContext"]),
        ["PSRegistry.Host"] = new(["PSRegistry.Oci", "PSRegistry.Hosting", "PSRegistry.Server"], ["System.CommandLine", "Microsoft.AspNetCore.App"]),
    };

    /// <summary>Measures the rooms, and sees into them for it; it is no test and no room.</summary>
    public const string Benchmarks = "PSRegistry.Benchmarks";

    public static string Root { get; } = FindRoot();

    private static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!);

    /// <summary>The folder into which a room is built; what it uses lies there too.</summary>
    public static string Output(string room) =>
        room == "PSRegistry.Module" ? Path.Combine(Root, "module", "bin") : Path.Combine(Root, "src", room, "bin", Configuration, "net10.0");

    public static TheoryData<string> Names => [.. Rooms.Keys];

    /// <summary>The rooms that the program psregistry is made of.</summary>
    public static TheoryData<string> OfTheProgram => [.. Rooms.Keys.Where(room => room is not "PSRegistry.Module" and not "PSRegistry.Help")];

    public static XDocument Project(string room) => XDocument.Load(Path.Combine(Root, "src", room, room + ".csproj"));

    /// <summary>The files of all projects, rooms and tests.</summary>
    public static IEnumerable<string> Projects => new[] { "src", "tests" }.SelectMany(top => Directory.EnumerateFiles(Path.Combine(Root, top), "*.csproj", SearchOption.AllDirectories));

    /// <summary>What a project includes; not what it only has built before it.</summary>
    public static IEnumerable<string> Includes(this XDocument project, string element) =>
        project.Descendants(element).Where(item => (string?)item.Attribute("ReferenceOutputAssembly") != "false").Select(item => (string?)item.Attribute("Include")).OfType<string>();

    /// <summary>The file of a room: the program's name differs from its room's.</summary>
    public static string Assembly(string room) => Path.Combine(Output(room), (room == "PSRegistry.Host" ? "psregistry" : room) + ".dll");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "PSRegistry.sln")))
                return folder;
        }
        throw new DirectoryNotFoundException("PSRegistry.sln is in no folder above the tests.");
    }
}

/// <param name="MayUse">Rooms it may refer to.</param>
/// <param name="Libraries">Packages and frameworks it may bring in.</param>
internal sealed record Room(string[] MayUse, string[] Libraries);
