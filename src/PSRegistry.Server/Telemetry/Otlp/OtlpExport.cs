using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// Traces and metrics on their way to a collector. The libraries for it are touched only when a variable asks. They see the whole process:
/// of several servers the first one's variables count, and the last one to stop ends it.
/// </summary>
internal static partial class OtlpExport
{
    private static readonly Lock Gate = new();
    private static IDisposable? _providers;
    private static int _servers;

    /// <summary>Begins for one server; null when nobody asks. Its disposal ends it.</summary>
    /// <exception cref="RegistryStartException">The libraries make nothing of what the variables say.</exception>
    public static IDisposable? Begin(OtelConfiguration? asked, ILogger log)
    {
        if (asked is null)
            return null;
        try
        {
            lock (Gate)
            {
                _providers ??= Build(asked);
                _servers++;
            }
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException or NotSupportedException or InvalidOperationException)
        {
            // Without what the libraries say, which may quote a key.
            throw new RegistryStartException(
                StartFailure.Setting, $"nothing can be sent as the variables of OpenTelemetry say: a value of {string.Join(", ", asked.Variables.Keys.Order(StringComparer.Ordinal))} is not usable. Correct or remove it.");
        }
        Log.Begun(log, asked.Signals, asked.Destination);
        return new Share();
    }

    /// <summary>Not inlined: whoever calls it only in theory must not load what it needs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OtlpProviders Build(OtelConfiguration asked) => new(asked);

    private static void End()
    {
        IDisposable? last = null;
        lock (Gate)
        {
            if (--_servers == 0)
                (last, _providers) = (_providers, null);
        }
        last?.Dispose();
    }

    private sealed class Share : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                End();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 80, Level = LogLevel.Information, Message = "{Signals} are sent to {Destination} (OTLP)")]
        public static partial void Begun(ILogger log, string signals, string destination);
    }
}
