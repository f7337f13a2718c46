using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>
/// One psregistry with a data folder of its own, shared by the tests of a class, each of which has repositories of its own.
/// </summary>
public sealed class ServedRegistry : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private RegistryProcess? _process;

    internal RegistryProcess Process => _process ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        var settings = new RegistrySettings { DataFolder = _data.Path };
        _process = await PSRegistryProgram.StartAsync(settings, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _data.DisposeAsync();
    }
}
