using System.Net;

namespace PSRegistry.Client;

/// <summary>Reads an answer of status 200.</summary>
internal delegate ValueTask<T> AnswerReader<T>(Answer answer, CancellationToken cancellationToken);

/// <summary>A GET as a registry's client means it: logged in, redirected, repeated where that helps, and an exception otherwise.</summary>
internal sealed class RegistryTransport : IDisposable
{
    private readonly CancellationTokenSource _disposed = new();
    private readonly TimeProvider _clock;
    private readonly Wire _wire;
    private readonly Redirects _redirects;
    private readonly Authenticator _authenticator;

    public RegistryTransport(RegistryAddress address, RegistryClientOptions options)
    {
        Faults = new Faults(address);
        _clock = options.Surroundings.Clock;
        _wire = new Wire(options, Faults);
        _redirects = new Redirects(_wire, Faults);
        _authenticator = new Authenticator(options, new TokenRealm(options, Faults), new TokenSource(options, _redirects, Faults, _disposed.Token));
        Refusals = new Refusals(options, _wire, Faults);
    }

    public Faults Faults { get; }

    public Refusals Refusals { get; }

    /// <summary>Gets <paramref name="uri"/> and reads the answer; a connection that breaks meanwhile is a failed attempt like others.</summary>
    /// <exception cref="RegistryRequestException">The registry did not answer as asked.</exception>
    public async ValueTask<T> GetAsync<T>(Uri uri, Asked asked, AnswerReader<T> read, CancellationToken cancellationToken)
    {
        for (var done = 0; ; done++)
        {
            TimeSpan pause;
            try
            {
                using var answer = await SendAsync(uri, asked, cancellationToken);
                return answer.Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices
                    ? await read(answer, cancellationToken)
                    : throw await Refusals.ReadAsync(answer, asked, cancellationToken);
            }
            catch (RegistryRequestException fault) when (Retries.PauseAfter(fault, done) is { } wait)
            {
                pause = wait;
            }
            await Task.Delay(pause, _clock, cancellationToken);
        }
    }

    /// <summary>Asks the base of the API, which every registry has.</summary>
    /// <exception cref="RegistryRequestException">There is none, or it does not let us in.</exception>
    public async ValueTask PingAsync(CancellationToken cancellationToken) =>
        await GetAsync(new Uri(Faults.Registry.BaseUri, "v2/"), Asked.Base, ReadBaseAsync, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Not disposed itself: a token that is being fetched still looks at it.
        _disposed.Cancel();
        _wire.Dispose();
    }

    // Registries answer {}, true or nothing; web servers that answer everything send a page.
    private ValueTask<bool> ReadBaseAsync(Answer answer, CancellationToken cancellationToken) =>
        answer.NamesApiVersion || answer.MediaType != "text/html"
            ? ValueTask.FromResult(true)
            : throw Refusals.NotARegistry(answer);

    private async ValueTask<Answer> SendAsync(Uri uri, Asked asked, CancellationToken cancellationToken)
    {
        var authorization = await _authenticator.BeforeAsync(asked, cancellationToken);
        var answer = await _redirects.FollowAsync(uri, authorization, cancellationToken);
        // The challenge of another host, to which a redirect led, is not ours to answer.
        if (answer.Status != HttpStatusCode.Unauthorized || !Faults.SameOrigin(answer.Uri, uri))
            return answer;
        try
        {
            authorization = await _authenticator.AfterAsync(asked, answer, authorization, cancellationToken);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
        if (authorization is null)
            return answer;
        answer.Dispose();
        return await _redirects.FollowAsync(uri, authorization, cancellationToken);
    }
}
