using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Serving;

/// <summary>The generation that counts, and the way to the next one.</summary>
/// <param name="first">The one to begin with.</param>
/// <param name="read">What it was read from; null where it cannot be read again.</param>
/// <param name="log">The server's log.</param>
/// <param name="applied">Is told every configuration that comes to count.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore holds nothing of the system's, and whoever asks after the end must be told so.")]
internal sealed partial class LiveConfiguration(Generation first, ConfigurationResult? read, ILogger log, Action<RegistryConfiguration>? applied)
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly MappingNode? _started = read?.Root;
    private Generation _current = first;
    private ConfigurationResult? _read = read;
    private bool _isEnded;

    public Generation Current => Volatile.Read(ref _current);

    /// <summary>When the configuration that counts was read.</summary>
    public DateTimeOffset ReadAt { get; private set; } = DateTimeOffset.UtcNow;

    /// <summary>Answers a request with the generation of the moment at which it came.</summary>
    public Task HandleAsync(HttpContext context) => Current.Handle(context);

    /// <summary>Reads the configuration again. A faulty one leaves the one before, whole.</summary>
    /// <param name="environment">The variables to look in; null for those of the last time.</param>
    /// <param name="cancellationToken">Gives up before it is applied.</param>
    public async Task<ServerReload> ReloadAsync(IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var reload = await ReadAgainAsync(environment);
            Tell(reload);
            return reload;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Ends what runs beside the requests; nothing is read again from now on.</summary>
    public async Task EndAsync()
    {
        await _oneAtATime.WaitAsync();
        try
        {
            _isEnded = true;
            await Current.EndAsync();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<ServerReload> ReadAgainAsync(IReadOnlyDictionary<string, string>? environment)
    {
        if (_isEnded)
            return Refused([], "the server is being stopped", "Start it again");
        if (_read is not { Root: { } before, Source: { } source })
            return Refused([], "the server was started with settings that are written nowhere", "Start it with a configuration file");
        var read = ConfigurationLoader.Load(environment is null ? source : source with { Environment = environment });
        if (read is not { Configuration: { } configuration, Root: { } after })
            return new ServerReload(false, [], read.Faults);

        var changes = ConfigurationChanges.Between(_started!, before, after);
        if (changes.AreAnyLive)
        {
            try
            {
                await ReplaceAsync(Current.Next(Reconfigured.From(Current.Configuration, configuration), changes));
            }
            catch (RegistryStartException fault)
            {
                return Refused(read.Faults, fault.Message.TrimEnd('.'), "What counted before goes on counting");
            }
        }
        _read = read;
        ReadAt = DateTimeOffset.UtcNow;
        return new ServerReload(true, changes.Keys, read.Faults);
    }

    private async Task ReplaceAsync(Generation next)
    {
        var before = Current;
        next.Start(before);
        Volatile.Write(ref _current, next);
        applied?.Invoke(next.Configuration);
        await before.EndAsync(next);
    }

    private ServerReload Refused(IReadOnlyList<ConfigurationFault> faults, string message, string remedy) =>
        new(false, [], [.. faults, new ConfigurationFault(FaultSeverity.Error, "", _read?.Source?.Path ?? "configuration", message, remedy)]);

    private void Tell(ServerReload reload)
    {
        foreach (var fault in reload.Faults)
        {
            if (fault.Severity is FaultSeverity.Error)
                Log.Fault(log, fault);
            else
                Log.Warning(log, fault);
        }
        var file = _read?.Source?.Path ?? "the environment";
        if (!reload.IsApplied)
        {
            Log.Kept(log, file);
            return;
        }
        foreach (var change in reload.Changes.Where(change => change.NeedsRestart))
            Log.NeedsRestart(log, change.KeyPath, change.Origin);
        var live = string.Join(", ", reload.Changes.Where(change => !change.NeedsRestart).Select(change => change.KeyPath).DefaultIfEmpty("nothing"));
        Log.Applied(log, file, live);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 31, Level = LogLevel.Information, Message = "the configuration was read again from {File}; changed: {Keys}")]
        public static partial void Applied(ILogger log, string file, string keys);

        [LoggerMessage(EventId = 32, Level = LogLevel.Warning, Message = "{Key} ({Origin}) was changed; it needs a restart to count")]
        public static partial void NeedsRestart(ILogger log, string key, string origin);

        [LoggerMessage(EventId = 33, Level = LogLevel.Error, Message = "the configuration of {File} is not taken over; the one before goes on counting")]
        public static partial void Kept(ILogger log, string file);

        [LoggerMessage(EventId = 34, Level = LogLevel.Error, Message = "{Fault}")]
        public static partial void Fault(ILogger log, ConfigurationFault fault);

        [LoggerMessage(EventId = 35, Level = LogLevel.Warning, Message = "{Fault}")]
        public static partial void Warning(ILogger log, ConfigurationFault fault);
    }
}
