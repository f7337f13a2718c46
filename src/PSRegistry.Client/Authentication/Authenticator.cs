using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>
/// Answers a registry's challenges and remembers how it wants to be spoken to, so that later requests carry what is needed at once.
/// Before the first challenge nothing is sent.
/// </summary>
internal sealed class Authenticator(RegistryClientOptions options, Login login, TokenRealm realms, TokenSource tokens)
{
    private readonly AuthenticationHeaderValue? _given = options.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
    private volatile AuthenticationHeaderValue? _known;
    private volatile BearerWay? _bearer;

    /// <summary>What to send with the first attempt; null for nothing.</summary>
    public async ValueTask<AuthenticationHeaderValue?> BeforeAsync(Asked asked, CancellationToken cancellationToken) => _bearer is { } bearer
        ? await tokens.GetAsync(bearer.RequestFor(asked), rejected: null, cancellationToken)
        : _known;

    /// <summary>What to send after a 401; null when there is nothing better than what was rejected.</summary>
    public async ValueTask<AuthenticationHeaderValue?> AfterAsync(
        Asked asked, Answer refusal, AuthenticationHeaderValue? rejected, CancellationToken cancellationToken)
    {
        if (_given is not null)
            return ReferenceEquals(rejected, _given) ? null : _known = _given;
        await login.FindAsync(cancellationToken);
        var challenges = refusal.Challenges.ToList();
        if (challenges.Find(challenge => challenge.IsBearer) is { } challenge)
        {
            var realm = await realms.CheckAsync(challenge.Realm, cancellationToken);
            var bearer = BearerWay.Learn(_bearer, realm, challenge, asked);
            _bearer = bearer;
            return await tokens.GetAsync(new TokenRequest(realm, challenge.Service, ScopeOf(challenge, asked)), rejected, cancellationToken);
        }
        if (login.Credential is not { } credential || !challenges.Exists(challenge => challenge.IsBasic) || rejected?.Scheme == "Basic")
            return null;
        return _known = BasicLogin.Of(credential);
    }

    /// <summary>What the registry asks for, and what it forgets: that a mount reads another repository.</summary>
    private static string ScopeOf(Challenge challenge, Asked asked)
    {
        if (challenge.Scope is not { } scope)
            return asked.Scope(asked.Actions);
        return asked.From is { } from && !scope.Contains($"repository:{from}:", StringComparison.Ordinal) ? $"{scope} repository:{from}:pull" : scope;
    }

    /// <summary>How the registry wants its tokens: where from, and which actions it asks for on a repository.</summary>
    private sealed record BearerWay(Uri Realm, string? Service)
    {
        /// <summary>The actions asked for where we thought of others.</summary>
        private ConcurrentDictionary<(string Kind, string Actions), string> Actions { get; } = new();

        public TokenRequest RequestFor(Asked asked) => new(Realm, Service, asked.Scope(Actions.GetValueOrDefault((asked.Kind, asked.Actions), asked.Actions)));

        /// <summary>Some ask for actions of their own, such as to list tags: one challenge then tells for all repositories.</summary>
        public static BearerWay Learn(BearerWay? known, Uri realm, Challenge challenge, Asked asked)
        {
            var way = known is not null && known.Realm == realm && known.Service == challenge.Service ? known : new BearerWay(realm, challenge.Service);
            var start = $"repository:{asked.Repository}:";
            if (asked.Repository is not null && challenge.Scope?.Split(' ') is [var scope, ..] && scope.StartsWith(start, StringComparison.Ordinal))
                way.Actions[(asked.Kind, asked.Actions)] = scope[start.Length..];
            return way;
        }
    }
}
