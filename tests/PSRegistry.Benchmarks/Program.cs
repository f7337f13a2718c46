using System.CommandLine;
using BenchmarkDotNet.Running;
using PSRegistry.Benchmarks.Allocations;
using PSRegistry.Benchmarks.Comparison;
using PSRegistry.Benchmarks.Comparison.Load.Client;
using PSRegistry.Benchmarks.Pieces;

var allocations = new Command("allocations", "Bytes that the server allocates for each of the requests that every client sends.");
allocations.SetAction((_, cancellation) => AllocationsCommand.RunAsync(Console.Out, cancellation));

var pieces = new Command("pieces", "The inner pieces, by BenchmarkDotNet. Everything behind the word goes to that library: pieces --filter '*Route*'.") { TreatUnmatchedTokensAsErrors = false };
pieces.SetAction(result =>
{
    string[] passedOn = result.UnmatchedTokens.Count > 0 ? [.. result.UnmatchedTokens] : ["--filter", "*"];
    BenchmarkSwitcher.FromAssembly(typeof(PieceConfig).Assembly).Run(passedOn, PieceConfig.Make());
});

var load = LoadCommand.Make();
load.Hidden = true;

var root = new RootCommand("Measures PSRegistry.") { CompareCommand.Make(), allocations, pieces, load };
// Stopping takes as long as servers need to end and a disk needs to forget a grown store: ended sooner, they would be left behind.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(15) });
