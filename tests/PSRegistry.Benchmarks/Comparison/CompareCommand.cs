using System.CommandLine;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary><c>compare</c>: PSRegistry beside the original and nginx, in one table.</summary>
internal static class CompareCommand
{
    public static Command Make()
    {
        var only = new Option<string>("--only") { Description = $"The parts of the table, comma between them: {string.Join(", ", CompareOptions.AllSections)}. Default: all." };
        var runs = new Option<int>("--runs") { Description = "Rounds; the table shows the medians.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<int>("--seconds") { Description = "How long a row of requests loads each target.", DefaultValueFactory = _ => 3 };
        var program = new Option<string>("--program") { Description = "psregistry to measure, or the folder it was published to. Default: the native build, made first." };
        var portable = new Option<string>("--portable") { Description = "The portable build, to be measured beside it." };
        var folder = new Option<string>("--folder") { Description = "Where the data folders go, on the disk to be measured; everything in it is removed at the end.", DefaultValueFactory = _ => Path.GetTempPath() };
        var output = new Option<string>("--output") { Description = "The Markdown file to write; the raw figures go beside it, as .raw.txt." };
        var repositories = new Option<int>("--growth-repositories") { Description = "Repositories of the grown store.", DefaultValueFactory = _ => 100_000 };
        var tags = new Option<int>("--growth-tags") { Description = "Tags of one repository of the grown store.", DefaultValueFactory = _ => 20_000 };
        var blobs = new Option<int>("--growth-blobs") { Description = "Blobs of the grown store.", DefaultValueFactory = _ => 100_000 };
        only.Validators.Add(result =>
        {
            foreach (var section in Sections(result.GetValueOrDefault<string>()).Except(CompareOptions.AllSections))
                result.AddError($"--only knows no part '{section}'; there are {string.Join(", ", CompareOptions.AllSections)}.");
        });
        var compare = new Command("compare", "Measures PSRegistry beside the original registry and nginx, and prints a table. Linux only.")
        {
            only, runs, seconds, program, portable, folder, output, repositories, tags, blobs,
        };
        compare.SetAction((parsed, token) => RunAsync(new CompareOptions
        {
            Runs = parsed.GetValue(runs),
            Seconds = parsed.GetValue(seconds),
            Sections = Sections(parsed.GetValue(only)).ToHashSet(),
            Program = parsed.GetValue(program),
            Portable = parsed.GetValue(portable),
            Folder = parsed.GetRequiredValue(folder),
            Output = parsed.GetValue(output),
            GrowthRepositories = parsed.GetValue(repositories),
            GrowthTags = parsed.GetValue(tags),
            GrowthBlobs = parsed.GetValue(blobs),
        }, Console.Out, token));
        return compare;
    }

    private static string[] Sections(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? CompareOptions.AllSections;

    private static async Task<int> RunAsync(CompareOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            await output.WriteLineAsync("compare reads what servers use from /proc and runs on Linux only.");
            return 1;
        }
        Directory.CreateDirectory(options.Folder);
        var work = Path.Combine(Path.GetFullPath(options.Folder), $"psregistry-compare-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            var rows = await new Comparing(options, work, output).RunAsync(cancellationToken);
            var table = Report.Table(rows, Machine.Describe(work, "PSRegistry.Benchmarks " + string.Join(' ', Environment.GetCommandLineArgs()[1..])));
            await output.WriteLineAsync("\n" + table);
            if (options.Output is { } file)
            {
                await File.WriteAllTextAsync(file, table, cancellationToken);
                await File.WriteAllTextAsync(Path.ChangeExtension(file, ".raw.txt"), Report.Raw(rows), cancellationToken);
            }
            return 0;
        }
        catch (LoadException fault)
        {
            await output.WriteLineAsync($"!! {fault.Message}");
            return 1;
        }
        finally
        {
            await output.WriteLineAsync($"removing {work}...");
            Directory.Delete(work, recursive: true);
        }
    }
}
