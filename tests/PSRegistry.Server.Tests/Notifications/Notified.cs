using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Notifications;

/// <summary>Registries that tell a receiver what happens.</summary>
internal static class Notified
{
    /// <summary>An endpoint at a receiver that pauses for a moment only.</summary>
    public static NotificationEndpoint Endpoint(WebhookReceiver receiver, string name = "hook") =>
        new(name, receiver.Url) { Backoff = TimeSpan.FromMilliseconds(20), Threshold = 3, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>A registry over a folder.</summary>
    public static Task<TestRegistry> StartAsync(TemporaryFolder folder, params NotificationEndpoint[] endpoints) =>
        StartAsync(folder, new NotificationConfiguration { Endpoints = endpoints });

    /// <summary>A registry over a folder.</summary>
    public static Task<TestRegistry> StartAsync(TemporaryFolder folder, NotificationConfiguration notifications) => TestRegistry.StartAsync(configuration => configuration with
    {
        Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = folder.Path },
        Notifications = notifications,
    });

    /// <summary>Pushes so many blobs, one after the other; their digests.</summary>
    public static async Task<IReadOnlyList<string>> PushAsync(TestRegistry registry, int count, CancellationToken cancellationToken, int seed = 0)
    {
        var digests = new List<string>();
        for (var i = 0; i < count; i++)
            digests.Add(await registry.Http.PushBlobAsync("a/b", TestBytes.Make(100, seed * 1000 + i), cancellationToken));
        return digests;
    }

    /// <summary>The digests of events.</summary>
    public static IEnumerable<string?> Digests(IEnumerable<System.Text.Json.Nodes.JsonNode> events) => events.Select(one => (string?)one["target"]!["digest"]);
}
