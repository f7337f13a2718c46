using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

/// <summary>A registry in front of another that sends the first half of a layer, and then nothing.</summary>
internal sealed class StallingRegistry : IAsyncDisposable
{
    private const int Small = 10_000;

    private readonly HttpClient _behind = new();
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedServer _server = null!;

    public string Authority => _server.Address.Authority;

    /// <summary>Done when somebody waits for the second half.</summary>
    public Task Stalled => _stalled.Task;

    public static async Task<StallingRegistry> StartAsync(Uri registry)
    {
        var stalling = new StallingRegistry();
        stalling._behind.BaseAddress = registry;
        stalling._server = await ScriptedServer.StartAsync(async context =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path.Value);
            request.Headers.TryAddWithoutValidation("Accept", context.Request.Headers.Accept.ToArray());
            using var answer = await stalling._behind.SendAsync(request, context.RequestAborted);
            var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is "Docker-Content-Digest" or "Content-Type" or "Content-Length"))
                context.Response.Headers[name] = values.ToArray();
            if (context.Request.Method == "HEAD")
                return;
            var stalls = body.Length > Small;
            await context.Response.Body.WriteAsync(body.AsMemory(0, stalls ? body.Length / 2 : body.Length), context.RequestAborted);
            if (!stalls)
                return;
            await context.Response.Body.FlushAsync(context.RequestAborted);
            stalling._stalled.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        return stalling;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _behind.Dispose();
    }
}
