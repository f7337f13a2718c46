using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Remote;

/// <summary>A registry with nothing in it: ours or the original.</summary>
internal sealed class AnyRegistry : IAsyncDisposable
{
    private readonly IAsyncDisposable[] _parts;

    private AnyRegistry(Uri address, params IAsyncDisposable[] parts) => (Address, _parts) = (address, parts);

    public Uri Address { get; }

    public static async Task<AnyRegistry> StartAsync(string kind, bool deletes = true)
    {
        if (kind == "ours")
        {
            var ours = await TestRegistry.StartAsync(configuration => configuration with { Storage = configuration.Storage with { DeleteEnabled = deletes } });
            return new AnyRegistry(ours.Http.Address, ours);
        }
        var folder = new TemporaryFolder();
        var settings = new RegistrySettings { DataFolder = folder.Path, DeleteEnabled = deletes };
        var original = await OriginalRegistry.StartAsync(settings, TestContext.Current.CancellationToken);
        return new AnyRegistry(original.Http.Address, original, folder);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
            await part.DisposeAsync();
    }
}
