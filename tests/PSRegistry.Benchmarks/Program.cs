using BenchmarkDotNet.Running;
using PSRegistry.Benchmarks.Pieces;

BenchmarkSwitcher.FromAssembly(typeof(PieceConfig).Assembly).Run(args, PieceConfig.Make());
return 0;
