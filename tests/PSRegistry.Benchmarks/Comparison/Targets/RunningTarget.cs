using System.Globalization;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Targets;

/// <summary>A server under load.</summary>
internal sealed class RunningTarget : IAsyncDisposable
{
    private readonly RunningProgram _program;
    private readonly string _data;

    private RunningTarget(TargetKind kind, RunningProgram program, string data, Uri address)
    {
        Kind = kind;
        _program = program;
        _data = data;
        Address = address;
    }

    /// <summary>Who it is.</summary>
    public TargetKind Kind { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>MiB resident a second after the start, before the first request.</summary>
    public double IdleMemory { get; private set; }

    /// <summary>The most MiB resident so far.</summary>
    public double PeakMemory => ProcessUsage.ResidentPeak(_program.Id);

    /// <summary>Processor seconds so far.</summary>
    public double ProcessorSeconds => ProcessUsage.ProcessorSeconds(_program.Id);

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<RunningTarget> StartAsync(TargetCommand command, string folder, string data, TlsFolder? tls, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        var program = RunningProgram.Start(command.Configure(folder, data, port, tls));
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{(tls is null ? "http" : "https")}://127.0.0.1:{port}/"));
        var target = new RunningTarget(command.Kind, program, data, address);
        try
        {
            await program.WaitForPortAsync(port, cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            target.IdleMemory = ProcessUsage.ResidentNow(program.Id);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes the bytes of a blob that no repository has any more, so that a row of pushes does not fill the disk.</summary>
    public void Discard(string digest)
    {
        var hex = digest["sha256:".Length..];
        Directory.Delete(Path.Combine(_data, "docker/registry/v2/blobs/sha256", hex[..2], hex), recursive: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // nginx's master takes its workers along; killed, it would leave them.
        if (!_program.HasExited)
        {
            _program.Signal(ProgramSignal.Terminate);
            await _program.WaitForExitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        }
        await _program.DisposeAsync();
    }
}
