using System.Net;
using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>Reads an answer of a status from 200 to 299.</summary>
internal delegate ValueTask<T> AnswerReader<T>(Answer answer, CancellationToken cancellationToken);

/// <summary>A request as a registry's client means it: logged in, redirected, repeated where that helps, and an exception otherwise.</summary>
internal sealed class RegistryTransport : IDisposable
{
    private readonly CancellationTokenSource _disposed = new();
    private readonly Wire _wire;
    private readonly Redirects _redirects;
    private readonly Authenticator _authenticator;

    public RegistryTransport(RegistryAddress address, RegistryClientOptions options)
    {
        Faults = new Faults(address);
        Locations = new Locations(Faults);
        Clock = options.Surroundings.Clock;
        _wire = new Wire(options, Faults);
        _redirects = new Redirects(_wire, Faults);
        Login = new Login(options, address, _disposed.Token);
        _authenticator = new Authenticator(
            options, Login, new TokenRealm(options, Login, Faults), new TokenSource(options, Login, _redirects, Faults, _disposed.Token));
        Refusals = new Refusals(options, Login, _wire, Faults);
    }

    public Faults Faults { get; }

    public Refusals Refusals { get; }

    public Login Login { get; }

    public Locations Locations { get; }

    public TimeProvider Clock { get; }

    /// <summary>A URL of the registry's API.</summary>
    public Uri UriOf(string path) => new(Faults.Registry.BaseUri, path);

    /// <summary>Sends <paramref name="call"/> and reads the answer; a connection that breaks meanwhile is a failed attempt like others.</summary>
    /// <exception cref="RegistryRequestException">The registry did not answer as asked.</exception>
    public async ValueTask<T> SendAsync<T>(Call call, Asked asked, AnswerReader<T> read, CancellationToken cancellationToken)
    {
        for (var done = 0; ; done++)
        {
            TimeSpan pause;
            try
            {
                using var answer = await OpenOnceAsync(call, asked, cancellationToken);
                return await read(answer, cancellationToken);
            }
            catch (RegistryRequestException fault) when (Retries.PauseAfter(call.Repeat, fault, done) is { } wait)
            {
                pause = wait;
            }
            await Task.Delay(pause, Clock, cancellationToken);
        }
    }

    /// <summary>The same for what need not be there: the default value when a registry answers that it is not.</summary>
    public async ValueTask<T?> FindAsync<T>(Call call, Asked asked, AnswerReader<T?> read, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(call, asked, read, cancellationToken);
        }
        catch (RegistryRequestException fault) when (fault.Failure == RegistryFailure.NotFound)
        {
            return default;
        }
        catch (RegistryRequestException fault) when (fault is { Failure: RegistryFailure.NotARegistry, Status: 404 })
        {
            // A 404 without a word, as every answer to a HEAD: the base tells whether a registry said it.
            await PingAsync(cancellationToken);
            return default;
        }
    }

    /// <summary>The answer with its body still on the way; the caller reads and disposes it. A failure to get it is repeated.</summary>
    public async ValueTask<Answer> OpenAsync(Call call, Asked asked, CancellationToken cancellationToken)
    {
        for (var done = 0; ; done++)
        {
            TimeSpan pause;
            try
            {
                return await OpenOnceAsync(call, asked, cancellationToken);
            }
            catch (RegistryRequestException fault) when (Retries.PauseAfter(call.Repeat, fault, done) is { } wait)
            {
                pause = wait;
            }
            await Task.Delay(pause, Clock, cancellationToken);
        }
    }

    /// <summary>Sends <paramref name="call"/> once, logged in; the answer is what it is.</summary>
    /// <exception cref="RegistryRequestException">There is no answer.</exception>
    public ValueTask<Answer> AskAsync(Call call, Asked asked, CancellationToken cancellationToken) => LoggedInAsync(call, asked, cancellationToken);

    /// <summary>What is sent with a request like this, as far as is known; null for nothing.</summary>
    public ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(Asked asked, CancellationToken cancellationToken) => _authenticator.BeforeAsync(asked, cancellationToken);

    /// <summary>Asks the base of the API, which every registry has.</summary>
    /// <exception cref="RegistryRequestException">There is none, or it does not let us in.</exception>
    public async ValueTask PingAsync(CancellationToken cancellationToken) =>
        await SendAsync(Call.Get(UriOf("v2/")), Asked.Base, ReadBaseAsync, cancellationToken);

    /// <summary>Asks the base of the API without any login, once; the answer is what it is.</summary>
    /// <exception cref="RegistryRequestException">There is no answer.</exception>
    public ValueTask<Answer> KnockAsync(CancellationToken cancellationToken) =>
        _redirects.FollowAsync(Call.Get(UriOf("v2/")), authorization: null, cancellationToken);

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

    private async ValueTask<Answer> OpenOnceAsync(Call call, Asked asked, CancellationToken cancellationToken)
    {
        var answer = await LoggedInAsync(call, asked, cancellationToken);
        if (answer.Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices)
            return answer;
        using (answer)
            throw await Refusals.ReadAsync(answer, asked, cancellationToken);
    }

    private async ValueTask<Answer> LoggedInAsync(Call call, Asked asked, CancellationToken cancellationToken)
    {
        var authorization = await _authenticator.BeforeAsync(asked, cancellationToken);
        var answer = await _redirects.FollowAsync(call, authorization, cancellationToken);
        // The challenge of another host, to which a redirect led, is not ours to answer.
        if (answer.Status != HttpStatusCode.Unauthorized || !Faults.SameOrigin(answer.Uri, call.Uri))
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
        if (authorization is null || call.Repeat == Repeat.Never)
            return answer;
        answer.Dispose();
        return await _redirects.FollowAsync(call, authorization, cancellationToken);
    }
}
