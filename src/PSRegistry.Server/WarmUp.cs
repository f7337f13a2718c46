using System.IO.Pipelines;
using System.Net;
using System.Runtime;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PSRegistry.Oci;
using PSRegistry.Server.Http;
using PSRegistry.Server.Serving;
using PSRegistry.Server.Transport;

namespace PSRegistry.Server;

/// <summary>
/// Has Kestrel answer one request in memory, on another processor, while the configuration is read: what .NET compiles when that is
/// done for the first time is a fifth of a start. A native program has nothing to warm.
/// </summary>
public static class WarmUp
{
    /// <summary>To put Kestrel away takes a processor that a start has better use for.</summary>
    private static readonly TimeSpan Aside = TimeSpan.FromSeconds(5);

    private static int _hasBegun;

    /// <summary>
    /// Begins it, if nobody has yet in this process. Nothing waits for it, and nothing depends on it. It is on its way sooner by a thread of its
    /// own: to set up the pool takes 9 ms in a busy hour, while the second processor waits.
    /// </summary>
    public static void Begin()
    {
        if (JitInfo.GetCompiledMethodCount() > 0 && Environment.ProcessorCount > 1 && Interlocked.Exchange(ref _hasBegun, 1) == 0)
            new Thread(static () => _ = TryAsync()) { IsBackground = true }.Start();
    }

    private static async Task TryAsync()
    {
        try
        {
            await RunAsync(Aside);
        }
        catch (Exception)
        {
            // A real request would fail as well, and be told; the program around us need not hear of this one.
        }
    }

    /// <summary>Warms, and returns when Kestrel is put away.</summary>
    /// <param name="aside">How long after its answer that is to be.</param>
    internal static async Task RunAsync(TimeSpan aside)
    {
        var connection = new Connection();
        var options = new KestrelServerOptions { AddServerHeader = false };
        // Written as in a configuration: what reads that is compiled by the way.
        options.Listen(IPEndPoint.Parse("127.0.0.1:0"), listen => listen.Protocols = HttpProtocols.Http1);
        using var kestrel = new KestrelServer(Options.Create(options), new OneConnection(connection), NullLoggerFactory.Instance);
        await kestrel.StartAsync(new RequestApplication(context => JsonText.AnswerAsync(context, MediaTypes.Json, "{}"u8.ToArray()).AsTask()), CancellationToken.None);
        await connection.Answered;
        await Task.Delay(aside);
        await kestrel.StopAsync(CancellationToken.None);
    }

    private sealed class OneConnection(Connection connection) : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(new IdleListener(endpoint, connection));
    }

    /// <summary>A client that asks once and goes. Kestrel's own kind cannot be had: its abort meets its disposal, and ends the process.</summary>
    private sealed class Connection : ConnectionContext, IDuplexPipe
    {
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Pipes such as Kestrel puts before a socket: those over streams would compile what nobody needs afterwards.</summary>
        private readonly Pipe _question = new(), _answer = new();

        public Connection()
        {
            Transport = this;
            Question.CopyTo(_question.Writer.GetSpan(Question.Length));
            _question.Writer.Advance(Question.Length);
            _question.Writer.Complete();
        }

        private static ReadOnlySpan<byte> Question => "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8;

        public Task Answered => _answered.Task;

        public PipeReader Input => _question.Reader;

        public PipeWriter Output => _answer.Writer;

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
