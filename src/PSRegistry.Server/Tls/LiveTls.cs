using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tls;

/// <summary>
/// How a listener speaks TLS, by the files of <c>http.tls</c> as they are: before a handshake they are looked at, at most once a second, and
/// a new certificate serves the connections from then on. Those that are there stay as they are. While the files do not fit together, as
/// half of a renewal, what was read before goes on serving.
/// </summary>
internal sealed partial class LiveTls
{
    private const long LookEveryMilliseconds = 1000;

    private readonly Lock _looking = new();
    private readonly bool _http2;
    private readonly ILogger _log;
    private State _state;
    private long _lookedAt = Environment.TickCount64;

    private LiveTls(State state, bool http2, ILogger log) => (_state, _http2, _log) = (state, http2, log);

    /// <exception cref="RegistryStartException">A file was changed or taken away since the configuration was read.</exception>
    public static LiveTls Open(TlsConfiguration tls, bool http2, ILogger log) => new(Read(tls, http2), http2, log);

    /// <summary>What a listener asks at each connection.</summary>
    public TlsHandshakeCallbackOptions Callback => new() { OnConnection = _ => ValueTask.FromResult(Current()) };

    /// <summary>Goes on with other files or settings.</summary>
    /// <exception cref="RegistryStartException">A file was changed or taken away since the configuration was read; nothing changes.</exception>
    public void Apply(TlsConfiguration tls)
    {
        lock (_looking)
            Volatile.Write(ref _state, Read(tls, _http2));
    }

    private SslServerAuthenticationOptions Current()
    {
        // Whoever comes while another looks does not wait.
        if (Environment.TickCount64 - Volatile.Read(ref _lookedAt) >= LookEveryMilliseconds && _looking.TryEnter())
        {
            try
            {
                Look();
            }
            finally
            {
                Volatile.Write(ref _lookedAt, Environment.TickCount64);
                _looking.Exit();
            }
        }
        return Volatile.Read(ref _state).Options;
    }

    private void Look()
    {
        var before = Volatile.Read(ref _state);
        // Taken before the files are read for good: what changes in between is seen the next time.
        var now = TlsFiles.FingerprintOf(before.Tls);
        if (now != before.Seen)
            Volatile.Write(ref _state, ReadAgain(before) with { Seen = now });
    }

    private State ReadAgain(State before)
    {
        var material = TlsMaterial.Load(before.Tls);
        if (material.Fault is { } fault)
        {
            Log.Kept(_log, fault.KeyPath, fault.Message);
            return before;
        }
        try
        {
            var renewed = before with { Options = TlsSetup.Options(before.Tls, material, _http2) };
            var (subject, until) = (material.Certificate!.Subject, material.Certificate.NotAfter.ToUniversalTime());
            Log.Renewed(_log, subject, until);
            foreach (var warning in material.Faults)
                Log.Warning(_log, warning.KeyPath, warning.Message);
            return renewed;
        }
        catch (CryptographicException unusable)
        {
            Log.Kept(_log, "http.tls.certificate", unusable.Message);
            return before;
        }
    }

    private static State Read(TlsConfiguration tls, bool http2)
    {
        var seen = TlsFiles.FingerprintOf(tls);
        var material = TlsMaterial.Load(tls);
        return material.Fault is { } fault
            ? throw new RegistryStartException(StartFailure.Setting, $"{fault.KeyPath}: {fault.Message}. {fault.Remedy}.")
            : new State(tls, TlsSetup.Options(tls, material, http2), seen);
    }

    /// <summary>Never disposed of when another takes its place: a handshake may be under way with it.</summary>
    /// <param name="Tls">Where the files are.</param>
    /// <param name="Options">What was made of them when they last fitted together.</param>
    /// <param name="Seen">How they looked the last time.</param>
    private sealed record State(TlsConfiguration Tls, SslServerAuthenticationOptions Options, string Seen);

    private static partial class Log
    {
        [LoggerMessage(EventId = 60, Level = LogLevel.Information, Message = "the files of http.tls were read again: {Subject}, valid until {Until:u}")]
        public static partial void Renewed(ILogger log, string subject, DateTime until);

        [LoggerMessage(EventId = 61, Level = LogLevel.Error, Message = "the files of http.tls were changed and are not taken over ({Key}: {Reason}); the certificate that was read before goes on serving until they fit together")]
        public static partial void Kept(ILogger log, string key, string reason);

        [LoggerMessage(EventId = 62, Level = LogLevel.Warning, Message = "{Key}: {Reason}")]
        public static partial void Warning(ILogger log, string key, string reason);
    }
}
