using System.Globalization;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>Prometheus, fetching the metrics of one registry several times a second.</summary>
public sealed class Prometheus : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly RunningProgram _program;
    private readonly RegistryHttp _http;

    private Prometheus(TemporaryFolder folder, RunningProgram program, int port)
    {
        _folder = folder;
        _program = program;
        _http = new RegistryHttp(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
    }

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    public static async Task<Prometheus> StartAsync(string target, CancellationToken cancellationToken)
    {
        var path = Peer.Require("prometheus");
        var folder = new TemporaryFolder();
        var port = FreePort.Next();
        var file = folder["prometheus.yml"];
        await File.WriteAllTextAsync(file, $$"""
            global: {scrape_interval: 250ms, scrape_timeout: 250ms}
            scrape_configs:
              - job_name: registry
                static_configs: [{targets: ['{{target}}']}]
            """, cancellationToken);
        var program = RunningProgram.Start(new ProgramCommand(
            path, [$"--config.file={file}", $"--storage.tsdb.path={folder["data"]}", string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}")]));
        var prometheus = new Prometheus(folder, program, port);
        try
        {
            await program.WaitForPortAsync(port, cancellationToken);
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a query has that answer.</summary>
    public Task WaitForAsync(string query, double value, CancellationToken cancellationToken) => _program.WaitUntilAsync(
        $"{query} is {value}", async token => await AskAsync(query, token) == value, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
        await _folder.DisposeAsync();
    }

    /// <summary>The first value of an answer; null for none, also while it is not ready yet.</summary>
    private async Task<double?> AskAsync(string query, CancellationToken cancellationToken)
    {
        var answer = await _http.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", cancellationToken);
        if (answer.Status != System.Net.HttpStatusCode.OK)
            return null;
        var first = JsonNode.Parse(answer.Text)!["data"]!["result"]!.AsArray().FirstOrDefault();
        return first is null ? null : double.Parse((string)first["value"]![1]!, CultureInfo.InvariantCulture);
    }
}
