using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Notifications;

/// <summary>Posts an event to an endpoint, alone in its envelope, as the original does: receivers look at the first one.</summary>
internal sealed class Webhook : IDisposable
{
    private const int RedirectsAtMost = 10;

    // Of the original since 3.0; a Content-Type among the endpoint's headers takes its place.
    private const string MediaType = "application/vnd.docker.distribution.events.v2+json";

    private readonly NotificationEndpoint _endpoint;
    private readonly HttpClient _client;

    public Webhook(NotificationEndpoint endpoint)
    {
        _endpoint = endpoint;
        // A redirected request carries its login along: the framework's own following would drop it.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = endpoint.Timeout,
        };
    }

    /// <summary>Posts once; the status, with its redirects followed.</summary>
    /// <exception cref="HttpRequestException">The endpoint cannot be reached, or redirects to where nothing can be posted.</exception>
    /// <exception cref="TaskCanceledException">It did not answer in time.</exception>
    public async Task<HttpStatusCode> PostAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var url = _endpoint.Url;
        for (var redirects = 0; ; redirects++)
        {
            using var request = Request(url, line);
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            // As it was sent: of an address that is none, the framework says that there is none.
            if (answer.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || !answer.Headers.NonValidated.TryGetValues("Location", out var elsewhere))
                return answer.StatusCode;
            if (redirects == RedirectsAtMost)
                throw new HttpRequestException($"it redirects more than {RedirectsAtMost} times");
            // Nobody took the event there; the address itself stays out of the message, because it may hold a key.
            if (!Uri.TryCreate(url, elsewhere.ToString(), out var next) || next.Scheme is not ("http" or "https"))
                throw new HttpRequestException("it redirects to something that is no address of http or https");
            url = next;
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(Uri url, ReadOnlyMemory<byte> line)
    {
        var content = new ReadOnlyMemoryContent(Envelope(line));
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        // What is meant for the endpoint goes to no other host, and not into the open.
        if (!url.Host.Equals(_endpoint.Url.Host, StringComparison.OrdinalIgnoreCase) || (url.Scheme == "http" && _endpoint.Url.Scheme == "https"))
            return request;
        if (_endpoint.Url.UserInfo is { Length: > 0 } login)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(login))));
        foreach (var (name, values) in _endpoint.Headers)
        {
            if (request.Headers.TryAddWithoutValidation(name, values))
                continue;
            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, values);
        }
        return request;
    }

    private static byte[] Envelope(ReadOnlyMemory<byte> line) => [.. "{\"events\":["u8, .. line.Span[..^1], .. "]}"u8];
}
