using PSRegistry.Testing;

namespace PSRegistry.ModuleTests;

internal static class Http
{
    /// <summary>Whether something listens at an address.</summary>
    public static bool Answers(Uri address) => FreePort.IsTaken(address.Port);

    /// <summary>Pushes one tiny image for each name.</summary>
    public static async Task PushAsync(Uri address, CancellationToken cancellationToken, params string[] images)
    {
        using var http = new RegistryHttp(address);
        foreach (var image in images)
        {
            var parts = image.Split(':');
            await TinyImages.PushAsync(http, parts[0], parts[1], TestBytes.Make(100), cancellationToken);
        }
    }
}
