using System.Net;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>An answer whose head is here and whose body is still on the way, guarded against silence.</summary>
internal sealed class Answer(HttpResponseMessage response, HttpMethod method, Uri uri, CancellationTokenSource limit, TimeSpan silence, Faults faults) : IDisposable
{
    private Stream? _body;

    /// <summary>Where it came from: what was asked, or where that redirected to.</summary>
    public Uri Uri => uri;

    /// <summary>The method it answers.</summary>
    public HttpMethod Method => method;

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status => response.StatusCode;

    /// <summary>The type of the body; null when the server names none.</summary>
    public string? MediaType => response.Content.Headers.ContentType?.MediaType;

    /// <summary>The length of the body; null when the server does not say.</summary>
    public long? Length => response.Content.Headers.ContentLength;

    /// <summary>The first byte of the part that the body is; null when it is the whole.</summary>
    public long? From => response.Content.Headers.ContentRange?.From;

    /// <summary>The digest that the server names for the content; null when it names none that can be read.</summary>
    public Digest? ContentDigest => Digest.TryParse(Header("Docker-Content-Digest"), out var digest) ? digest : null;

    /// <summary>Whether the server says that it is a registry of version 2.</summary>
    public bool NamesApiVersion => Header("Docker-Distribution-Api-Version")?.StartsWith("registry/2", StringComparison.Ordinal) == true;

    /// <summary>How long to wait, as the server asks.</summary>
    public TimeSpan? RetryAfter => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > DateTimeOffset.UtcNow ? date - DateTimeOffset.UtcNow : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>How the server asks for a login.</summary>
    public IEnumerable<Challenge> Challenges => response.Headers.WwwAuthenticate.Select(Challenge.Read);

    /// <summary>A header's value, several joined by a comma; null when it is not there.</summary>
    public string? Header(string name) => response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>The next bytes of the body; 0 at its end.</summary>
    /// <exception cref="RegistryRequestException">The connection broke or fell silent.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            limit.CancelAfter(silence);
            _body ??= await response.Content.ReadAsStreamAsync(limit.Token);
            return await _body.ReadAsync(buffer, limit.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException fault)
        {
            var message = $"{faults.Who(uri)} began to answer and then fell silent for {Faults.Seconds(silence)}.";
            throw faults.New(RegistryFailure.TimedOut, uri, message, fault, method);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw faults.New(RegistryFailure.ConnectionLost, uri, $"The connection to {faults.Who(uri)} broke in the middle of the answer.", fault, method);
        }
    }

    /// <summary>The body up to <paramref name="limitBytes"/>; null when it is longer.</summary>
    public async ValueTask<byte[]?> ReadAllAsync(int limitBytes, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[8 * 1024];
        while (await ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (whole.Length + read > limitBytes)
                return null;
            whole.Write(buffer, 0, read);
        }
        return whole.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        response.Dispose();
        limit.Dispose();
    }
}
