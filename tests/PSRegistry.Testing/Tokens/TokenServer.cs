using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PSRegistry.Testing;

/// <summary>
/// A token service and the registry's side of it: gives opaque tokens for scopes to anonymous users and to one with a password, and knows
/// them again (Docker registry token specification).
/// </summary>
public sealed class TokenServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Grant> _grants = new();
    private ScriptedServer? _server;
    private int _issued;

    /// <summary>The one user.</summary>
    public string User { get; init; } = "ann";

    /// <summary>The user's password.</summary>
    public string Password { get; init; } = "wolf";

    /// <summary>The registry's name here.</summary>
    public string Service { get; init; } = "registry.test";

    /// <summary>Scopes that anonymous users get; the named user gets all.</summary>
    public Func<string, bool> IsPublic { get; init; } = _ => true;

    /// <summary>How long tokens last, as they say.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Makes the token of a user (empty for an anonymous one) and of what is granted; null for tokens that only this server knows again.</summary>
    public Func<string, IReadOnlyList<string>, string>? Sign { get; init; }

    /// <summary>What every answer waits for.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>The URL that challenges name.</summary>
    public Uri Realm => new(Server.Address, "token");

    /// <summary>What it was asked so far.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => Server.Requests;

    private ScriptedServer Server => _server ?? throw new InvalidOperationException("not started");

    /// <summary>Starts listening.</summary>
    public async Task<TokenServer> StartAsync()
    {
        _server = await ScriptedServer.StartAsync(IssueAsync);
        return this;
    }

    /// <summary>The registry's check: true when the request carries a token for <paramref name="scope"/>; else the 401 is written.</summary>
    public bool Admits(HttpContext context, string scope)
    {
        var token = context.Request.Headers.Authorization.ToString();
        if (token.StartsWith("Bearer ", StringComparison.Ordinal) && _grants.TryGetValue(token["Bearer ".Length..], out var grant))
        {
            if (scope.Length == 0 || grant.Scopes.Contains(scope))
                return true;
        }
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"{Realm}\",service=\"{Service}\"" + (scope.Length == 0 ? "" : $",scope=\"{scope}\"");
        return false;
    }

    /// <summary>Forgets all tokens, as a registry does whose clock says that they are over.</summary>
    public void RevokeAll() => _grants.Clear();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task IssueAsync(HttpContext context)
    {
        await Gate.WaitAsync(context.RequestAborted);
        var login = context.Request.Headers.Authorization.ToString();
        var isUser = login == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        if (login.Length > 0 && !isUser)
        {
            await ScriptedServer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "wrong password");
            return;
        }
        // A partial grant is no error: what is not granted is missing from the token.
        List<string> granted = [.. context.Request.Query["scope"].OfType<string>().SelectMany(scope => scope.Split(' ')).Where(scope => isUser || IsPublic(scope))];
        var token = Sign?.Invoke(isUser ? User : "", granted) ?? string.Create(CultureInfo.InvariantCulture, $"token-{Interlocked.Increment(ref _issued)}");
        _grants[token] = new Grant(granted);
        await ScriptedServer.AnswerAsync(
            context, string.Create(CultureInfo.InvariantCulture, $$"""{"token":"{{token}}","expires_in":{{Lifetime.TotalSeconds}}}"""));
    }

    private sealed record Grant(IReadOnlyCollection<string> Scopes);
}
