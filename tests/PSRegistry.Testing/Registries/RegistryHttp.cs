using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;

namespace PSRegistry.Testing;

/// <summary>The registry protocol by hand: follows no redirect, decodes nothing, shows every header.</summary>
public sealed class RegistryHttp(Uri address, SslClientAuthenticationOptions? tls = null) : IDisposable
{
    private readonly HttpClient _client = Connect(address, tls);

    /// <summary><c>user:password</c>, sent with every request; null for none.</summary>
    public string? Login { get; init; }

    /// <summary>Where the registry is.</summary>
    public Uri Address => address;

    /// <summary>Sends a request to <paramref name="path"/> (with its query) and reads the whole answer.</summary>
    public async Task<RegistryAnswer> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        IReadOnlyDictionary<string, string> headers,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        if (Login is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Login)));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _client.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var answered = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new RegistryAnswer($"{method} {path}", response.StatusCode, answered, body);
    }

    /// <summary>Sends a request without headers of its own.</summary>
    public Task<RegistryAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken) =>
        SendAsync(method, path, content, new Dictionary<string, string>(), cancellationToken);

    /// <summary>GET.</summary>
    public Task<RegistryAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>GET of a manifest of any type by tag or digest.</summary>
    public Task<RegistryAnswer> GetManifestAsync(string repository, string reference, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"/v2/{repository}/manifests/{reference}", null, ImageMediaTypes.AcceptAll, cancellationToken);

    /// <summary>GET of a blob.</summary>
    public Task<RegistryAnswer> GetBlobAsync(string repository, string digest, CancellationToken cancellationToken) =>
        GetAsync($"/v2/{repository}/blobs/{digest}", cancellationToken);

    /// <summary>PUT of a manifest under a tag or its digest.</summary>
    public async Task<RegistryAnswer> PutManifestAsync(
        string repository, string reference, byte[] manifest, string mediaType, CancellationToken cancellationToken)
    {
        using var content = Bytes(manifest, mediaType);
        return await SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", content, cancellationToken);
    }

    /// <summary>DELETE of a manifest by tag or digest.</summary>
    public Task<RegistryAnswer> DeleteManifestAsync(string repository, string reference, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v2/{repository}/manifests/{reference}", null, cancellationToken);

    /// <summary>POST: begins an upload; the answer's Location is where it goes on.</summary>
    public async Task<RegistryAnswer> BeginUploadAsync(string repository, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/", null, cancellationToken)).MustBe(HttpStatusCode.Accepted);

    /// <summary>PATCH: the next bytes of an upload.</summary>
    public async Task<RegistryAnswer> PatchUploadAsync(string location, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var content = Bytes(bytes, "application/octet-stream");
        return await SendAsync(HttpMethod.Patch, location, content, cancellationToken);
    }

    /// <summary>Waits until the server has begun to read what is being sent to an upload; what a client has sent may lie in the system's buffers still.</summary>
    public async Task UntilReceivingAsync(string location, CancellationToken cancellationToken)
    {
        while ((await GetAsync(location, cancellationToken)).MustBe(HttpStatusCode.NoContent).UploadedLength <= 1)
            await Task.Delay(10, cancellationToken);
    }

    /// <summary>PUT: the last bytes of an upload (perhaps none) and the digest of the whole.</summary>
    public async Task<RegistryAnswer> FinishUploadAsync(
        string location, ReadOnlyMemory<byte> bytes, string digest, CancellationToken cancellationToken)
    {
        using var content = Bytes(bytes, "application/octet-stream");
        return await SendAsync(HttpMethod.Put, $"{location}&digest={digest}", content, cancellationToken);
    }

    /// <summary>Pushes a blob by POST and PUT; its digest.</summary>
    public async Task<string> PushBlobAsync(string repository, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        var digest = ContentDescriptor.DigestOf(blob.Span);
        var begun = await BeginUploadAsync(repository, cancellationToken);
        (await FinishUploadAsync(begun.Location, blob, digest, cancellationToken)).MustBe(HttpStatusCode.Created);
        return digest;
    }

    /// <summary>The tags of a repository, as listed without paging.</summary>
    public async Task<IReadOnlyList<string>> ListTagsAsync(string repository, CancellationToken cancellationToken) =>
        Names(await GetAsync($"/v2/{repository}/tags/list", cancellationToken), "tags");

    /// <summary>The repositories of the catalog's first page.</summary>
    public async Task<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancellationToken) =>
        Names(await GetAsync("/v2/_catalog", cancellationToken), "repositories");

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static HttpClient Connect(Uri address, SslClientAuthenticationOptions? tls)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
        };
        if (tls is not null)
        {
            handler.SslOptions = tls;
        }

        return new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    private static ReadOnlyMemoryContent Bytes(ReadOnlyMemory<byte> bytes, string mediaType) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    private static List<string> Names(RegistryAnswer answer, string property) =>
        [.. answer.MustBe(HttpStatusCode.OK).Json[property]?.AsArray().Select(name => (string)name!) ?? []];
}
