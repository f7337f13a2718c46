using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// The images of the docker or podman engine on this machine, over its socket or named pipe (Docker Engine API). Where it is,
/// <c>DOCKER_HOST</c> tells; engines that listen on the network are not spoken to.
/// </summary>
public sealed class DockerEngine : IDisposable
{
    private const int LongestAnswer = 32 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly HttpMessageInvoker _http;

    private DockerEngine(string address, SocketsHttpHandler handler)
    {
        Address = address;
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>The socket or pipe, as <c>DOCKER_HOST</c> writes it.</summary>
    public string Address { get; }

    /// <summary>The engine of this machine: what <c>DOCKER_HOST</c> names, else docker's socket, else podman's.</summary>
    /// <exception cref="ArchiveException">There is none, or one on the network.</exception>
    public static DockerEngine Open(string? address = null) => Connect(address ?? EngineAddress.Find());

    /// <summary>The images that it has, with names and without.</summary>
    /// <exception cref="ArchiveException">The engine does not answer.</exception>
    public async ValueTask<IReadOnlyList<LocalImage>> ListAsync(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await using var body = await GetAsync("images/json", "list its images", limit.Token);
            using var whole = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (await body.ReadAsync(buffer, limit.Token) is var read and > 0)
            {
                if (whole.Length + read > LongestAnswer)
                    throw Fault("lists more images than can be read");
                whole.Write(buffer, 0, read);
            }
            using var json = JsonDocument.Parse(whole.GetBuffer().AsMemory(0, (int)whole.Length));
            return [.. json.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Fault($"lists its images in a way that cannot be read: {ServerText.Clean(fault.Message)}", fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fault($"did not answer within {Faults.Seconds(Patience)}", fault);
        }
    }

    /// <summary>An image as an archive that is streamed out of the engine, without a copy on the disk; the engine is asked again for what has passed by.</summary>
    /// <param name="image">A name or an ID.</param>
    /// <param name="options">How the archive is read; null for the usual.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArchiveException">The engine does not have it, or does not answer.</exception>
    public ValueTask<ImageArchive> ExportAsync(string image, ArchiveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        var path = $"images/get?names={Uri.EscapeDataString(image)}";
        return ImageArchive.OpenAsync(image, token => GetAsync(path, $"give the image '{ServerText.Clean(image, 200)}'", token), options, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static DockerEngine Connect(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("unix" or "npipe"))
            throw new ArchiveException(address,
                $"The engine '{ServerText.Clean(address)}' is not on this machine: expected unix:///path/of.sock or npipe:////./pipe/name.")
            {
                Failure = ArchiveFailure.Engine,
            };
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = (_, token) => uri.Scheme == "unix" ? ConnectSocketAsync(uri.AbsolutePath, token) : ConnectPipeAsync(uri.AbsolutePath, token),
        };
        return new DockerEngine(address, handler);
    }

    private static async ValueTask<Stream> ConnectSocketAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Uri.UnescapeDataString(path)), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Stream> ConnectPipeAsync(string path, CancellationToken cancellationToken)
    {
        var pipe = new NamedPipeClientStream(".", path.Split('/')[^1], PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync((int)TimeSpan.FromSeconds(15).TotalMilliseconds, cancellationToken);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<Stream> GetAsync(string path, string purpose, CancellationToken cancellationToken)
    {
        // The host is never looked up: every connection goes to the socket.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://engine/{path}");
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException)
        {
            throw Fault("does not answer. Is it running, and may this user speak to it?", fault);
        }
        if (response.IsSuccessStatusCode)
            return await response.Content.ReadAsStreamAsync(cancellationToken);
        using (response)
        {
            var said = await SaidAsync(response, cancellationToken);
            throw Fault(string.Create(CultureInfo.InvariantCulture, $"does not {purpose} ({(int)response.StatusCode}): {said}"));
        }
    }

    private static async ValueTask<string> SaidAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var start = new byte[4096];
        var length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            using var json = JsonDocument.Parse(start.AsMemory(0, length));
            return ServerText.Clean(json.RootElement.GetProperty("message").GetString() ?? "");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return ServerText.Clean(System.Text.Encoding.UTF8.GetString(start, 0, length));
        }
    }

    private static LocalImage Read(JsonElement image) => new()
    {
        Id = Digest.Parse(image.GetProperty("Id").GetString() is { } id && id.Contains(':', StringComparison.Ordinal) ? id : $"sha256:{image.GetProperty("Id").GetString()}"),
        Names = [.. Names(image).Where(name => name != "<none>:<none>")],
        Created = DateTimeOffset.FromUnixTimeSeconds(image.GetProperty("Created").GetInt64()),
        Size = image.GetProperty("Size").GetInt64(),
    };

    private static IEnumerable<string> Names(JsonElement image) => image.TryGetProperty("RepoTags", out var tags) && tags.ValueKind == JsonValueKind.Array
        ? tags.EnumerateArray().Select(tag => tag.GetString()).OfType<string>()
        : [];

    private ArchiveException Fault(string what, Exception? inner = null) =>
        new(Address, $"The engine at {Address} {what}{(what[^1] is '.' or '?' or '…' ? "" : ".")}", inner) { Failure = ArchiveFailure.Engine };
}

/// <summary>An image of a local engine.</summary>
public sealed record LocalImage
{
    internal LocalImage()
    {
    }

    /// <summary>The digest of its configuration, or of its manifest in engines that keep images as registries do.</summary>
    public required Digest Id { get; init; }

    /// <summary>Its names with tags; empty for an image that lost them.</summary>
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>When it was built.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Its bytes, unpacked.</summary>
    public required long Size { get; init; }

    /// <summary>The first name, else the id.</summary>
    public override string ToString() => Names.IsEmpty ? Id.ToString() : Names[0];
}
