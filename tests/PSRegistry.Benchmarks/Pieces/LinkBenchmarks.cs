using BenchmarkDotNet.Attributes;
using PSRegistry.Oci;
using PSRegistry.Storage;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Pieces;

/// <summary>What a pull reads from the disk every time: the link that says what a tag names, or that a repository holds a blob.</summary>
public class LinkBenchmarks : IDisposable
{
    private TemporaryFolder? _folder;
    private FileSystemDriver? _driver;

    /// <summary>Writes one link.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _folder = new TemporaryFolder();
        _driver = new FileSystemDriver(_folder.Path);
        await Links.WriteAsync(_driver, "a/b/c/link", Digest.OfContent(new byte[] { 1 }), CancellationToken.None);
    }

    /// <summary>A link that is there.</summary>
    [Benchmark]
    public async Task<bool> Read() => await Links.ReadAsync(_driver!, "a/b/c/link", CancellationToken.None) is not null;

    /// <summary>A link that is not: every layer is asked for before it is pushed.</summary>
    [Benchmark]
    public async Task<bool> ReadMissing() => await Links.ReadAsync(_driver!, "a/b/d/link", CancellationToken.None) is not null;

    /// <summary>Removes the folder.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _folder?.Dispose();
        GC.SuppressFinalize(this);
    }
}
