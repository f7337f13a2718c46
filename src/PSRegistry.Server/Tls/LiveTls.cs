using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
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

    private static readonly object Vouched = new();

    private readonly Lock _looking = new();
    private readonly bool _http2;
    private readonly ILogger _log;
    private LiveTlsState _state;
    private long _lookedAt = Environment.TickCount64;

    private LiveTls(LiveTlsState state, bool http2, ILogger log) => (_state, _http2, _log) = (state, http2, log);

    /// <exception cref="RegistryStartException">A file was changed or taken away since the configuration was read.</exception>
    public static LiveTls Open(TlsConfiguration tls, bool http2, ILogger log) => new(Read(tls, http2), http2, log);

    /// <summary>What a listener asks at each connection.</summary>
    public TlsHandshakeCallbackOptions Callback => new() { OnConnection = context => ValueTask.FromResult(Speak(context.Connection)) };

    /// <summary>
    /// Whether a certificate that the client of a connection showed was checked against the configured CAs. The connection knows: settings that
    /// change afterwards are about others.
    /// </summary>
    public static bool VouchesFor(HttpContext context) => context.Features.Get<IConnectionItemsFeature>() is { } connection && connection.Items.ContainsKey(Vouched);

    /// <summary>Reads other files or settings; they count when they are taken.</summary>
    /// <exception cref="RegistryStartException">A file was changed or taken away since the configuration was read.</exception>
    public LiveTlsState Prepare(TlsConfiguration tls) => Read(tls, _http2);

    /// <summary>Goes on with what was prepared.</summary>
    public void Take(LiveTlsState prepared)
    {
        lock (_looking)
            Volatile.Write(ref _state, prepared);
    }

    private SslServerAuthenticationOptions Speak(BaseConnectionContext connection)
    {
        var state = Current();
        if (state.Tls is { ClientAuthorities.Count: > 0, ClientCertificates: ClientCertificates.VerifyIfGiven or ClientCertificates.RequireAndVerify })
            connection.Items[Vouched] = Vouched;
        return state.Options;
    }

    private LiveTlsState Current()
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
        return Volatile.Read(ref _state);
    }

    private void Look()
    {
        var before = Volatile.Read(ref _state);
        // Taken before the files are read for good: what changes in between is seen the next time.
        var now = TlsFiles.FingerprintOf(before.Tls);
        if (now != before.Seen)
            Volatile.Write(ref _state, ReadAgain(before) with { Seen = now });
    }

    private LiveTlsState ReadAgain(LiveTlsState before)
    {
        if (!TryRead(before.Tls, _http2, before.Seen, out var renewed, out var material, out var fault))
        {
            Log.Kept(_log, fault.KeyPath, fault.Message);
            return before;
        }
        var (subject, until) = (material.Certificate!.Subject, material.Certificate.NotAfter.ToUniversalTime());
        Log.Renewed(_log, subject, until);
        foreach (var warning in material.Faults)
            Log.Warning(_log, warning.KeyPath, warning.Message);
        return renewed;
    }

    private static LiveTlsState Read(TlsConfiguration tls, bool http2) => TryRead(tls, http2, TlsFiles.FingerprintOf(tls), out var state, out _, out var fault)
        ? state
        : throw new RegistryStartException(StartFailure.Setting, $"{fault.KeyPath}: {fault.Message}. {fault.Remedy}.");

    /// <param name="tls">Where the files are.</param>
    /// <param name="http2">Whether HTTP/2 is offered.</param>
    /// <param name="seen">How they looked before.</param>
    /// <param name="state">What was made of them.</param>
    /// <param name="material">What was in them; never disposed of, for a handshake may be under way with it when another takes its place.</param>
    /// <param name="fault">Why they are of no use.</param>
    private static bool TryRead(
        TlsConfiguration tls, bool http2, string seen,
        [NotNullWhen(true)] out LiveTlsState? state, [NotNullWhen(true)] out TlsMaterial? material, [NotNullWhen(false)] out TlsFault? fault)
    {
        (state, material) = (null, null);
        var read = TlsMaterial.Load(tls);
        fault = read.Fault;
        if (fault is null)
        {
            try
            {
                (state, material) = (new LiveTlsState(tls, TlsSetup.Options(tls, read, http2), seen), read);
                return true;
            }
            catch (CryptographicException unusable)
            {
                fault = new TlsFault(FaultSeverity.Error, TlsMaterial.CertificateKey, unusable.Message.TrimEnd('.'), "Correct the files, or name others");
            }
        }
        read.Dispose();
        return false;
    }

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
