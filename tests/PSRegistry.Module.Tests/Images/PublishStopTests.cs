using System.Collections.Concurrent;
using System.Management.Automation;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

/// <summary>A publishing that is ended before its end, and what is seen while it goes on.</summary>
public sealed class PublishStopTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _uploading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _methods = [];
    private ScriptedServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync(AnswerAsync);
        TinyArchive.Write(_folder["app.tar"], TestBytes.Make(2_000_000), "app:1");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _server.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Ctrl_C_ends_it_at_once_and_discards_the_upload()
    {
        using var shell = _session.Shell($"Publish-RegistryImage {_folder}/app.tar -Registry {_server.Address.Authority}");
        var running = shell.InvokeAsync();
        await _uploading.Task.WaitAsync(Token);
        await shell.StopAsync(null, null);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => running);
        Assert.Contains(HttpMethods.Delete, _methods);
        Assert.DoesNotContain(HttpMethods.Put, _methods);
    }

    [Fact]
    public async Task Progress_is_shown_in_bytes_and_taken_away_at_the_end()
    {
        using var shell = _session.Shell($"Publish-RegistryImage {_folder}/app.tar -Registry {_server.Address.Authority}");
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            if (shell.Streams.Progress[added.Index].PercentComplete > 0)
                shown.TrySetResult();
        };
        var running = shell.InvokeAsync();
        await shown.Task.WaitAsync(Token);
        _mayGoOn.SetResult();
        await running;
        var records = shell.Streams.Progress.ToList();
        var bar = Assert.Single(records.Select(record => record.Activity).Where(activity => activity.StartsWith("Publishing", StringComparison.Ordinal)).Distinct());
        Assert.Equal("Publishing app:1", bar);
        Assert.Contains(records, record => System.Text.RegularExpressions.Regex.IsMatch(record.StatusDescription, @"^[0-9.]+ [KM]iB of 1\.9 MiB, .*/s$"));
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }

    [Fact]
    public async Task A_pipeline_that_has_enough_ends_it()
    {
        await using var registry = await TestRegistry.StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
            TinyArchive.Write(_folder[name + ".tar"], TestBytes.Make(100), name + ":1");
        // As Select-Object -First 1 does it.
        _session.Run($"foreach ($i in 1) {{ Publish-RegistryImage {_folder}/[abc].tar -Registry {registry.Server.Uri.Authority} | ForEach-Object {{ break }} }}");
        Assert.Equal(["a"], _session.Run($"Get-RegistryCatalog -Registry {registry.Server.Uri.Authority} | ForEach-Object Repository").Texts());
    }

    /// <summary>A registry that has nothing, and takes uploads only when the test says so.</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        _methods.Enqueue(context.Request.Method);
        switch (context.Request.Method)
        {
            case "POST":
                context.Response.Headers.Location = "/v2/app/blobs/uploads/1";
                context.Response.Headers.Range = "0-0";
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            case "PATCH":
                var taken = 0L;
                var buffer = new byte[64 * 1024];
                while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
                {
                    taken += read;
                    _uploading.TrySetResult();
                    if (taken > 200_000)
                        await _mayGoOn.Task.WaitAsync(context.RequestAborted);
                }
                context.Response.Headers.Location = "/v2/app/blobs/uploads/1";
                context.Response.Headers.Range = $"0-{taken - 1}";
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            case "PUT":
                context.Response.StatusCode = StatusCodes.Status201Created;
                context.Response.Headers["Docker-Content-Digest"] = context.Request.Query["digest"];
                break;
            case "DELETE":
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                await ScriptedServer.RefuseAsync(context, StatusCodes.Status404NotFound, "NAME_UNKNOWN");
                break;
        }
    }
}
