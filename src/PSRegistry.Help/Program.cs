using System.Reflection;
using PSRegistry.Help;

// Turns the cmdlets' /// into the help that Get-Help shows: assembly, its documentation, what it was compiled against, and the file to write.
if (args is not [var assembly, var documentation, var references, var output])
{
    await Console.Error.WriteLineAsync("PSRegistry.Help ASSEMBLY DOCUMENTATION REFERENCES.txt OUTPUT");
    return 2;
}

var texts = DocumentationFile.Read(documentation);
// Read, never run: the engine's own assembly is empty inside where this is built.
using var metadata = new MetadataLoadContext(new PathAssemblyResolver([assembly, .. await File.ReadAllLinesAsync(references)]));
var cmdlets = metadata.LoadFromAssemblyPath(Path.GetFullPath(assembly)).GetExportedTypes()
    .Select(type => CmdletType.TryRead(type, texts)).OfType<CmdletType>().OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal);
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
MamlFile.Write(output, cmdlets);
return 0;
