using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>
/// Answers a registry's challenges and remembers how it wants to be spoken to, so that later requests carry what is needed at once.
/// Before the first challenge nothing is sent.
/// </summary>
internal sealed class Authenticator(RegistryClientOptions options, TokenRealm realms, TokenSource tokens)
{
    private volatile AuthenticationHeaderValue? _basic;
    private volatile BearerWay? _bearer;

    /// <summary>What to send with the first attempt; null for nothing.</summary>
    public async ValueTask<AuthenticationHeaderValue?> BeforeAsync(Asked asked, CancellationToken cancellationToken) => _bearer is { } bearer
        ? await tokens.GetAsync(bearer.RequestFor(asked), rejected: null, cancellationToken)
        : _basic;

    /// <summary>What to send after a 401; null when there is nothing better than what was rejected.</summary>
    public async ValueTask<AuthenticationHeaderValue?> AfterAsync(
        Asked asked, Answer refusal, AuthenticationHeaderValue? rejected, CancellationToken cancellationToken)
    {
        var challenges = refusal.Challenges.ToList();
        if (challenges.Find(challenge => challenge.IsBearer) is { } challenge)
        {
            var realm = await realms.CheckAsync(challenge.Realm, cancellationToken);
            _bearer = BearerWay.Learn(realm, challenge, asked);
            var request = new TokenRequest(realm, challenge.Service, challenge.Scope ?? asked.DefaultScope);
            return await tokens.GetAsync(request, rejected, cancellationToken);
        }
        if (options.Credential is not { } credential || !challenges.Exists(challenge => challenge.IsBasic) || rejected?.Scheme == "Basic")
            return null;
        return _basic = BasicLogin.Of(credential);
    }

    /// <summary>How the registry wants its tokens: where from, and which actions it asks for on a repository.</summary>
    private sealed record BearerWay(Uri Realm, string? Service, string RepositoryActions)
    {
        private const string UsualActions = "pull";

        public TokenRequest RequestFor(Asked asked) => new(
            Realm, Service, asked.Repository is { } repository ? $"repository:{repository}:{RepositoryActions}" : asked.DefaultScope);

        /// <summary>Some ask for actions of their own to list tags: one challenge then tells for all repositories.</summary>
        public static BearerWay Learn(Uri realm, Challenge challenge, Asked asked)
        {
            var start = $"repository:{asked.Repository}:";
            var tells = asked.Repository is not null && challenge.Scope is { } scope
                && scope.StartsWith(start, StringComparison.Ordinal) && !scope.Contains(' ');
            return new BearerWay(realm, challenge.Service, tells ? challenge.Scope![start.Length..] : UsualActions);
        }
    }
}
