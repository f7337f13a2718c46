using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace PSRegistry.Testing;

/// <summary>An endpoint of notifications that answers as the test tells it, and keeps what it was sent.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<ReceivedEvent> _received = new();

    private WebhookReceiver(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _application = builder.Build();
        _application.Run(ReceiveAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => new($"{_application.Urls.Single()}/hook");

    /// <summary>Answers a request that is held to be refused or accepted; the status. Default: 200 to all.</summary>
    public Func<ReceivedEvent, Task<int>> Answer { get; set; } = _ => Task.FromResult(StatusCodes.Status200OK);

    /// <summary>Every attempt so far, in order.</summary>
    public IReadOnlyList<ReceivedEvent> Attempts => [.. _received];

    /// <summary>What was accepted, in order.</summary>
    public IReadOnlyList<JsonNode> Events => [.. _received.Where(received => received.Status is >= 200 and < 400).Select(received => received.Event)];

    /// <summary>Starts one, on a free port or a certain one.</summary>
    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var receiver = new WebhookReceiver(port);
        await receiver._application.StartAsync();
        return receiver;
    }

    /// <summary>The top-level <c>notifications</c> with this endpoint alone.</summary>
    /// <param name="keys">More keys of the endpoint, as flow YAML.</param>
    /// <param name="section">More keys of the section, as flow YAML.</param>
    public string Yaml(string keys = "backoff: 50ms", string section = "events: {}") =>
        $"notifications: {{{section}, endpoints: [{{name: hook, url: '{Url}', {keys}}}]}}\n";

    /// <summary>Waits until as many events were accepted, and returns all.</summary>
    public async Task<IReadOnlyList<JsonNode>> WaitForAsync(int count, CancellationToken cancellationToken)
    {
        await WaitUntilAsync(() => Events.Count >= count, cancellationToken);
        return Events;
    }

    /// <summary>Waits until something holds; a minute at most.</summary>
    public async Task WaitUntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!holds())
        {
            try
            {
                await Task.Delay(10, limit.Token);
            }
            catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"received so far:\n{string.Join('\n', Attempts.Select(attempt => $"{attempt.Status} {attempt.Event.ToJsonString()}"))}", fault);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var envelope = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (var one in envelope["events"]!.AsArray())
        {
            var received = new ReceivedEvent(one!, headers);
            received.Status = await Answer(received);
            _received.Enqueue(received);
            context.Response.StatusCode = received.Status;
        }
    }
}

/// <summary>An event that was posted.</summary>
/// <param name="Event">The event.</param>
/// <param name="Headers">The headers of the request.</param>
public sealed record ReceivedEvent(JsonNode Event, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>How it was answered.</summary>
    public int Status { get; set; }

    /// <summary>The event's name.</summary>
    public string Id => (string)Event["id"]!;
}
