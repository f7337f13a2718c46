using System.Net.Sockets;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Storage;

namespace PSRegistry.Server.Health;

/// <summary>The probes that a configuration asks for, under the names and with the words of the original.</summary>
internal static class HealthProbes
{
    public static IReadOnlyList<HealthProbe> Of(RegistryConfiguration configuration, IRegistry registry)
    {
        var health = configuration.Health;
        var probes = new List<HealthProbe>();
        if (health.StorageDriver is { } when)
            probes.Add(Storage(configuration.Storage, registry, when));
        probes.AddRange(health.Files.Select(File));
        probes.AddRange(health.Addresses.Select(Address));
        probes.AddRange(health.Ports.Select(Port));
        return probes;
    }

    private static HealthProbe Storage(StorageConfiguration storage, IRegistry registry, HealthInterval when)
    {
        var name = storage.Driver == StorageDriverKind.InMemory ? "storagedriver_inmemory" : "storagedriver_filesystem";
        return new(name, when.Interval, when.Threshold, async cancellation =>
        {
            if (storage.Driver == StorageDriverKind.FileSystem && !Directory.Exists(storage.RootDirectory))
                return "the data folder is gone";
            try
            {
                await foreach (var _ in registry.ListRepositoriesAsync(cancellationToken: cancellation))
                    break;
                return null;
            }
            catch (StorageException fault)
            {
                return fault.Message;
            }
        });
    }

    private static HealthProbe File(FileHealthCheck check) => new(check.File, check.When.Interval, check.When.Threshold,
        _ => Task.FromResult(System.IO.File.Exists(check.File) || Directory.Exists(check.File) ? "file exists" : null));

    private static HealthProbe Address(HttpHealthCheck check)
    {
        var client = new HttpClient { Timeout = check.Timeout };
        var name = check.Uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped);
        return new(name, check.When.Interval, check.When.Threshold, async cancellation =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, check.Uri);
            foreach (var (header, values) in check.Headers)
                request.Headers.TryAddWithoutValidation(header, values);
            try
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                return (int)response.StatusCode == check.StatusCode ? null : $"downstream service returned unexpected status: {(int)response.StatusCode}";
            }
            catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                return $"error while checking: {name}";
            }
        });
    }

    private static HealthProbe Port(TcpHealthCheck check)
    {
        var name = check.Addr.ToString();
        return new(name, check.When.Interval, check.When.Threshold, async cancellation =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(check.Timeout);
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(check.Addr.Host.Length == 0 ? "localhost" : check.Addr.Host, check.Addr.Port, limit.Token);
                return null;
            }
            catch (Exception fault) when (fault is SocketException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                return $"connection to {name} failed";
            }
        });
    }
}
