using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Notifications;
using PSRegistry.Server.Telemetry;
using PSRegistry.Storage;
using ZstdSharp;

namespace PSRegistry.Server;

/// <summary>What stands behind the door of PSRegistry.Hosting. Found by its name, since no assembly before the door refers to this one.</summary>
public sealed class RegistryServices : IRegistryServices
{
    /// <inheritdoc/>
    public async Task<ServerStart> StartServerAsync(ServerSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        WarmUp.Begin();
        var result = ConfigurationLoader.Load(Source(settings));
        if (result.Configuration is not { } configuration)
            return new ServerStart(null, result.Faults);
        if (settings.Parameters.Credential is { } credential)
            result = result with { Configuration = configuration with { Auth = new AuthConfiguration { OneUser = OneUser.Of(credential) } } };
        var records = settings.Log is { } sink ? new RecordLogging(configuration.Log, sink) : null;
        var server = await RegistryServer.StartAsync(result, (ILoggerFactory?)records ?? NullLoggerFactory.Instance, changed => records?.Apply(changed.Log), cancellationToken);
        return new ServerStart(server, result.Faults);
    }

    /// <inheritdoc/>
    public ConfigurationReading ReadConfiguration(ServerSettings settings, bool strict)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var result = ConfigurationLoader.Load(Source(settings) with { Strict = strict });
        return new ConfigurationReading(result.Effective, result.Faults)
        {
            DrainTime = result.Configuration is { Http: var http } ? http.DrainDelay + http.DrainTimeout : TimeSpan.Zero,
        };
    }

    /// <inheritdoc/>
    public AccessReading ReadAccess(ServerSettings settings, IReadOnlyList<AccessQuestion> questions)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var result = ConfigurationLoader.Load(Source(settings));
        return new AccessReading(result.Configuration is { } configuration ? [.. questions.Select(question => AccessExplainer.Explain(configuration, question))] : [], result.Faults);
    }

    /// <inheritdoc/>
    public IReadOnlyList<HtpasswdUser> ReadUsers(string path) => HtpasswdLines.Parse(File.ReadAllBytes(path)).Users;

    /// <inheritdoc/>
    public HtpasswdChange SetUser(string path, NetworkCredential login, int? cost)
    {
        ArgumentNullException.ThrowIfNull(login);
        var rounds = cost ?? HtpasswdLine.DefaultCost;
        if (!HtpasswdLine.TryMake(login.UserName, login.Password, rounds, out var line, out var reason))
            return new HtpasswdChange(null, reason);
        RewrittenFile.Change(path, content => HtpasswdLines.Parse(content).With(login.UserName, line));
        return new HtpasswdChange(new HtpasswdUser(login.UserName, rounds, null), null);
    }

    /// <inheritdoc/>
    public bool RemoveUser(string path, string user)
    {
        var isRemoved = false;
        if (!File.Exists(path))
            throw new FileNotFoundException($"there is no file '{path}'", path);
        RewrittenFile.Change(path, content =>
        {
            var without = HtpasswdLines.Parse(content).Without(user);
            isRemoved = without is not null;
            return without;
        });
        return isRemoved;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<EventRecord> WatchEvents(string path, DateTimeOffset? since, bool follow, CancellationToken cancellationToken = default) =>
        KeptEvents.WatchAsync(path, since, follow, cancellationToken);

    /// <inheritdoc/>
    public void ReplayEvents(string path, DateTimeOffset since, string? endpoint) => new ReplayRequest(endpoint, since).LeaveInAll(path);

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed) => new ZstdReader(compressed);

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream compressed) => new CompressionStream(compressed, leaveOpen: true);

    private static ConfigurationSource Source(ServerSettings settings) =>
        ConfigurationSource.Find(settings.ConfigurationPath, settings.Environment, settings.Parameters) with { WorkingDirectory = settings.WorkingDirectory };
}
