using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>Tokens by what they are for: each fetched once, shared while it is good, and by all who wait for it.</summary>
internal sealed class TokenSource(RegistryClientOptions options, Redirects redirects, Faults faults, CancellationToken clientDisposed)
{
    private const int LongestAnswer = 64 * 1024;

    /// <summary>Beyond this many the old ones go: a catalog may be long, and each of its repositories takes a token.</summary>
    private const int MostTokens = 4096;

    private readonly ConcurrentDictionary<TokenRequest, Lazy<Task<BearerToken>>> _tokens = new();

    /// <summary>A good token; never the one that the registry has just rejected.</summary>
    /// <exception cref="RegistryRequestException">The token service gives none.</exception>
    public async ValueTask<AuthenticationHeaderValue> GetAsync(
        TokenRequest request, AuthenticationHeaderValue? rejected, CancellationToken cancellationToken)
    {
        if (_tokens.TryGetValue(request, out var known) && IsStale(known, rejected))
            _tokens.TryRemove(KeyValuePair.Create(request, known));
        if (_tokens.Count >= MostTokens)
            _tokens.Clear();
        // The fetch belongs to all who wait for it: none of them can cancel it for the others.
        var fetch = _tokens.GetOrAdd(request, static (request, source) => new Lazy<Task<BearerToken>>(() => source.FetchAsync(request)), this);
        try
        {
            return (await fetch.Value.WaitAsync(cancellationToken)).Authorization;
        }
        catch when (fetch.Value.IsFaulted || fetch.Value.IsCanceled)
        {
            _tokens.TryRemove(KeyValuePair.Create(request, fetch));
            throw;
        }
    }

    private bool IsStale(Lazy<Task<BearerToken>> known, AuthenticationHeaderValue? rejected) =>
        known is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } done }
        && (!done.Result.IsGood(options.Surroundings.Clock.GetUtcNow()) || ReferenceEquals(done.Result.Authorization, rejected));

    private async Task<BearerToken> FetchAsync(TokenRequest request)
    {
        var login = options.Credential is { } credential ? BasicLogin.Of(credential) : null;
        using var answer = await redirects.FollowAsync(Call.Get(request.ToUri(options.Credential?.UserName)), login, clientDisposed);
        if (answer.Status != HttpStatusCode.OK)
            throw await RefusedAsync(answer, request);
        var asked = options.Surroundings.Clock.GetUtcNow();
        var body = await answer.ReadAllAsync(LongestAnswer, clientDisposed);
        if (body is not null && BearerToken.TryRead(body, asked, out var token))
            return token;
        throw faults.New(RegistryFailure.ProtocolFault, answer, $"The token service {faults.Who(answer.Uri)} answers without a token that could be sent.");
    }

    private async ValueTask<RegistryRequestException> RefusedAsync(Answer answer, TokenRequest request)
    {
        var status = (int)answer.Status;
        var errors = await answer.ReadAllAsync(LongestAnswer, clientDisposed) is { } body ? ErrorEnvelope.Read(body, status) : [];
        var who = $"The token service {faults.Who(answer.Uri)}";
        var scope = request.Scope.Length == 0 ? "" : $" for {ServerText.Clean(request.Scope)}";
        return status switch
        {
            401 or 403 when options.Credential is { } login =>
                Unauthorized($"{who} refuses the login of '{login.UserName}'{scope} ({status}). Are user name and password right?"),
            401 or 403 => Unauthorized($"{who} gives no token without a login{scope} ({status})."),
            429 => faults.New(RegistryFailure.TooManyRequests, answer, $"{who} asks for fewer requests (429).", errors),
            >= 500 => faults.New(RegistryFailure.ServerFault, answer, $"{who} failed to answer ({status}).", errors),
            _ => faults.New(RegistryFailure.ProtocolFault, answer, $"{who} gives no token{scope} ({status}).", errors),
        };

        // What the registry asks for is what its user must satisfy, not what the token service asks for.
        RegistryRequestException Unauthorized(string message) =>
            faults.New(RegistryFailure.Unauthorized, answer, message, errors, request.ToChallenge());
    }
}
