using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>Tokens by what they are for: each fetched once, shared while it is good, and by all who wait for it.</summary>
internal sealed class TokenSource(RegistryClientOptions options, Login login, Redirects redirects, Faults faults, CancellationToken clientDisposed)
{
    private const int LongestAnswer = 64 * 1024;

    /// <summary>Beyond this many the old ones go: a catalog may be long, and each of its repositories takes a token.</summary>
    private const int MostTokens = 4096;

    private readonly ConcurrentDictionary<TokenRequest, Lazy<Task<BearerToken>>> _tokens = new();
    private volatile string? _refreshToken;

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
        using var answer = await AskAsync(request);
        if (answer.Status != HttpStatusCode.OK)
            throw await RefusedAsync(answer, request);
        var asked = options.Surroundings.Clock.GetUtcNow();
        var body = await answer.ReadAllAsync(LongestAnswer, clientDisposed);
        if (body is not null && BearerToken.TryRead(body, asked, out var token))
        {
            if (answer.Method == HttpMethod.Post && token.RefreshToken is { } refresh)
                _refreshToken = refresh;
            return token;
        }
        throw faults.New(RegistryFailure.ProtocolFault, answer,
            $"The token service {faults.Who(answer.Uri)} answers without a token that could be sent.");
    }

    /// <summary>Asks in each way that there is, as long as the service does not know it.</summary>
    private async ValueTask<Answer> AskAsync(TokenRequest request)
    {
        var ways = Ways(request);
        for (var way = 0; ; way++)
        {
            var answer = await redirects.FollowAsync(ways[way].Call, ways[way].Login, clientDisposed);
            var isUnknown = answer.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed;
            var mayFail = ways[way].MayFail && answer.Status is (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized);
            if (way == ways.Count - 1 || !(isUnknown || mayFail))
                return answer;
            answer.Dispose();
        }
    }

    /// <summary>
    /// A refresh token is for the POST of OAuth 2, a password for the GET that every token service knows; where one is not known, the other.
    /// A refresh token that the service gave us may be over before the login is.
    /// </summary>
    private IReadOnlyList<(Call Call, AuthenticationHeaderValue? Login, bool MayFail)> Ways(TokenRequest request)
    {
        if (login.IdentityToken is { } identity)
        {
            var holder = new NetworkCredential(login.Credential?.UserName ?? "<token>", identity);
            return [(request.ToPost(null, _refreshToken ?? identity), null, false), (Call.Get(request.ToUri(null)), BasicLogin.Of(holder), false)];
        }
        if (login.Credential is not { } credential)
            return [(Call.Get(request.ToUri(null)), null, false)];
        var byGet = (Call.Get(request.ToUri(credential.UserName)), BasicLogin.Of(credential), false);
        var byPost = (request.ToPost(credential, null), (AuthenticationHeaderValue?)null, false);
        return _refreshToken is { } refresh ? [(request.ToPost(null, refresh), null, true), byPost, byGet] : [byGet, byPost];
    }

    private async ValueTask<RegistryRequestException> RefusedAsync(Answer answer, TokenRequest request)
    {
        var status = (int)answer.Status;
        var errors = await answer.ReadAllAsync(LongestAnswer, clientDisposed) is { } body ? ErrorEnvelope.Read(body, status) : [];
        if (status == 400 && answer.Method == HttpMethod.Post)
            status = 401;
        var who = $"The token service {faults.Who(answer.Uri)}";
        var scope = request.Scope.Length == 0 ? "" : $" for {ServerText.Clean(request.Scope)}";
        return status switch
        {
            401 or 403 when login.IdentityToken is not null => Unauthorized($"{who} refuses the identity token{login.KeptIn}{scope} ({status}). Log in again."),
            401 or 403 when login.Credential is { } credential =>
                Unauthorized($"{who} refuses the login of '{credential.UserName}'{login.KeptIn}{scope} ({status}). Are user name and password right?"),
            401 or 403 => Unauthorized($"{who} gives no token without a login{scope} ({status}).{login.Excuse}"),
            429 => faults.New(RegistryFailure.TooManyRequests, answer, $"{who} asks for fewer requests (429).", errors),
            >= 500 => faults.New(RegistryFailure.ServerFault, answer, $"{who} failed to answer ({status}).", errors),
            _ => faults.New(RegistryFailure.ProtocolFault, answer, $"{who} gives no token{scope} ({status}).", errors),
        };

        // What the registry asks for is what its user must satisfy, not what the token service asks for.
        RegistryRequestException Unauthorized(string message) =>
            faults.New(RegistryFailure.Unauthorized, answer, message, errors, request.ToChallenge());
    }
}
