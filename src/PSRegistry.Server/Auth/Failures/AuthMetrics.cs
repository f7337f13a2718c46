using System.Diagnostics.Metrics;

namespace PSRegistry.Server.Auth;

/// <summary>What is measured about logins, for whoever listens to the meter <c>PSRegistry.Server</c>.</summary>
public static class AuthMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "PSRegistry.Server";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>
    /// Logins and tokens that were refused since the program began. The tag <c>reason</c> is <c>password</c>, <c>unknown-user</c>,
    /// <c>slowed</c> (too many failed before), <c>busy</c> (too many were being checked), <c>token</c> or <c>refresh-token</c>.
    /// </summary>
    public static Counter<long> Failures { get; } = Meter.CreateCounter<long>("psregistry.auth.failures", "{failure}", "Logins and tokens that were refused.");

    internal static void Count(string reason) => Failures.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
