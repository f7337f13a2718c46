using System.Diagnostics.Metrics;

namespace PSRegistry.Server.Telemetry;

/// <summary>What is measured of logins.</summary>
internal sealed class AuthInstruments(Meter meter)
{
    /// <summary>
    /// By <c>reason</c>: <c>unauthorized</c> for a login or token that does not count, <c>denied</c> for somebody who may not, <c>busy</c> when too many
    /// logins are checked at once. A request without a login is none: every client begins with one.
    /// </summary>
    public Counter<long> Failures { get; } = meter.CreateCounter<long>("registry.auth.failures", "{request}", "Requests whose login, token or rights did not do");

    public static readonly KeyValuePair<string, object?> Login = new("cache", "login"), Token = new("cache", "token");

    /// <summary>By <c>cache</c>: <c>token</c> or <c>login</c>.</summary>
    public Counter<long> CacheRequests { get; } =
        meter.CreateCounter<long>("registry.auth.cache.requests", "{request}", "Logins and tokens that were looked for among those that were verified lately");

    /// <summary>By <c>cache</c>.</summary>
    public Counter<long> CacheHits { get; } = meter.CreateCounter<long>("registry.auth.cache.hits", "{request}", "Those that were found there, and needed no verification");

    /// <summary>A login or token was looked for.</summary>
    public void Look(KeyValuePair<string, object?> cache, bool isFound)
    {
        CacheRequests.Add(1, cache);
        if (isFound)
            CacheHits.Add(1, cache);
    }
}
