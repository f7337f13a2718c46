using System.Buffers;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using PSRegistry.Oci;
using PSRegistry.Storage;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Pieces;

/// <summary>The bytes of a push: hashed alone, and hashed while they are written to a file.</summary>
public class UploadBenchmarks : IDisposable
{
    private const int Size = 8 * 1024 * 1024;

    private readonly byte[] _content = TestBytes.Make(Size);
    private TemporaryFolder? _folder;
    private IRepository? _repository;

    /// <summary>Opens a registry over a folder.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _folder = new TemporaryFolder();
        _repository = new StorageRegistry(new FileSystemDriver(_folder.Path)).GetRepository(RepositoryName.Parse("team/app"));
    }

    /// <summary>8 MiB through the hash: the bound of every push.</summary>
    [Benchmark(Baseline = true)]
    public Digest Hash()
    {
        using var hash = new RunningHash(DigestAlgorithm.Sha256);
        hash.Append(_content);
        return hash.Digest;
    }

    /// <summary>8 MiB through an upload: opened, hashed, written, discarded; nothing is flushed.</summary>
    [Benchmark]
    public async Task<long> HashAndWrite()
    {
        await using var upload = await _repository!.Uploads.StartAsync(DigestAlgorithm.Sha256);
        var appended = await upload.AppendAsync(PipeReader.Create(new ReadOnlySequence<byte>(_content)));
        await upload.CancelAsync();
        return appended;
    }

    /// <summary>Removes the folder.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _folder?.Dispose();
        GC.SuppressFinalize(this);
    }
}
