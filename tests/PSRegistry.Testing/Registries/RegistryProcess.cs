using System.Globalization;
using System.Net;

namespace PSRegistry.Testing;

/// <summary>A registry that runs as a process of its own, answering on 127.0.0.1.</summary>
public sealed class RegistryProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _configuration;

    private RegistryProcess(RunningProgram program, RegistrySettings settings, TemporaryFolder configuration)
    {
        Program = program;
        Settings = settings;
        _configuration = configuration;
        Http = new RegistryHttp(new Uri($"http://{Authority}/"));
    }

    /// <summary>The process: its output, signals to it.</summary>
    public RunningProgram Program { get; }

    /// <summary>How it was set up; start another with the same settings to have it restarted.</summary>
    public RegistrySettings Settings { get; }

    /// <summary>The host and port, as image references begin with it.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Settings.Port}");

    /// <summary>A client of it.</summary>
    public RegistryHttp Http { get; }

    /// <summary>
    /// Runs <paramref name="serve"/> with the path of a config.yml written from <paramref name="settings"/>, and waits for its first answer:
    /// 200, or 401 where it asks for a login.
    /// </summary>
    public static async Task<RegistryProcess> StartAsync(
        Func<string, ProgramCommand> serve, RegistrySettings settings, CancellationToken cancellationToken)
    {
        var configuration = new TemporaryFolder();
        var file = configuration["config.yml"];
        await File.WriteAllTextAsync(file, settings.ToYaml(), cancellationToken);
        var registry = new RegistryProcess(RunningProgram.Start(serve(file).With(settings.Environment)), settings, configuration);
        try
        {
            await registry.Program.WaitUntilAsync("GET /v2/ answers", registry.AnswersAsync, cancellationToken);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends SIGTERM and waits for the end; the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => EndAsync(ProgramSignal.Terminate, cancellationToken);

    /// <summary>Sends <paramref name="signal"/> and waits for the end; the exit code.</summary>
    public Task<int> EndAsync(ProgramSignal signal, CancellationToken cancellationToken)
    {
        Program.Signal(signal);
        return Program.WaitForExitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Program.DisposeAsync();
        await _configuration.DisposeAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await Http.GetAsync("/v2/", cancellationToken)).Status is HttpStatusCode.OK or HttpStatusCode.Unauthorized;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
