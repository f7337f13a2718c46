using System.IO.Pipelines;
using System.Net;
using System.Runtime;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PSRegistry.Server.Http;
using PSRegistry.Server.Serving;

namespace PSRegistry.Server;

/// <summary>
/// Has Kestrel answer one request in memory, on another processor, while the configuration is read: what .NET compiles when that is
/// done for the first time was a fifth of a start (285 ms, and 231 with this). A native program has nothing to warm.
/// </summary>
public static class WarmUp
{
    private static int _hasBegun;

    /// <summary>Begins it, if nobody has yet in this process. Nothing waits for it, and nothing depends on it.</summary>
    public static void Begin()
    {
        if (JitInfo.GetCompiledMethodCount() > 0 && Environment.ProcessorCount > 1 && Interlocked.Exchange(ref _hasBegun, 1) == 0)
            _ = Task.Run(TryAsync);
    }

    private static async Task TryAsync()
    {
        try
        {
            await RunAsync();
        }
        catch (Exception)
        {
            // A real request would fail as well, and be told; the program around us need not hear of this one.
        }
    }

    internal static async Task RunAsync()
    {
        var listener = new OneRequest();
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(new IPEndPoint(IPAddress.None, 0), listen => listen.Protocols = HttpProtocols.Http1);
        using var kestrel = new KestrelServer(Options.Create(options), listener, NullLoggerFactory.Instance);
        await kestrel.StartAsync(new RequestApplication(context => JsonText.AnswerAsync(context, "application/json", "{}"u8.ToArray()).AsTask()), CancellationToken.None);
        await listener.Answered;
        await kestrel.StopAsync(CancellationToken.None);
    }

    /// <summary>Listens nowhere, and is asked once.</summary>
    private sealed class OneRequest : IConnectionListenerFactory, IConnectionListener
    {
        private readonly Connection _connection = new();
        private readonly TaskCompletionSource<ConnectionContext?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isAccepted;

        public Task Answered => _connection.Answered;

        public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            EndPoint = endpoint;
            return ValueTask.FromResult<IConnectionListener>(this);
        }

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var next = _isAccepted ? new ValueTask<ConnectionContext?>(_end.Task) : new(_connection);
            _isAccepted = true;
            return next;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _end.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }

    private sealed class Connection : ConnectionContext, IDuplexPipe
    {
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Connection() => Transport = this;

        public Task Answered => _answered.Task;

        public PipeReader Input { get; } = PipeReader.Create(new MemoryStream("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray()));

        public PipeWriter Output { get; } = PipeWriter.Create(Stream.Null);

        public override string ConnectionId { get; set; } = nameof(WarmUp);

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get; set; }

        /// <summary>It ends by itself.</summary>
        public override void Abort(ConnectionAbortedException abortReason)
        {
        }

        public override ValueTask DisposeAsync()
        {
            _answered.TrySetResult();
            return base.DisposeAsync();
        }
    }
}
