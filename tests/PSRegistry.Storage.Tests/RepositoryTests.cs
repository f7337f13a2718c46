using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests;

public sealed class MemoryRepositoryTests : RepositorySuite
{
    private readonly MemoryDriver _driver = new();

    public MemoryRepositoryTests() => Registry = Reopen();

    protected override IRegistry Registry { get; }

    protected override IRegistry Reopen() => new StorageRegistry(_driver);
}

public sealed class FileSystemRepositoryTests : RepositorySuite, IDisposable
{
    private readonly StorageFolder _folder = new();

    public FileSystemRepositoryTests() => Registry = Reopen();

    protected override IRegistry Registry { get; }

    protected override IRegistry Reopen() => new StorageRegistry(new FileSystemDriver(_folder.FullPath));

    public void Dispose() => _folder.Dispose();
}
