using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

public sealed class MemoryDriverTests : StorageDriverSuite
{
    protected override IStorageDriver Driver { get; } = new MemoryDriver();
}
