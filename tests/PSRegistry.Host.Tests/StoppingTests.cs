using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>How the program ends when it is asked to.</summary>
public sealed class StoppingTests : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _data.DisposeAsync();

    [Theory]
    [InlineData(ProgramSignal.Terminate)]
    [InlineData(ProgramSignal.Interrupt)]
    public async Task An_idle_server_ends_at_once_with_0(ProgramSignal signal)
    {
        await using var registry = await StartAsync(TimeSpan.FromSeconds(20));
        var asked = Stopwatch.StartNew();
        Assert.Equal(0, await registry.EndAsync(signal, Token));
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(5), $"took {asked.Elapsed}");
    }

    // Longer than the 2 seconds after which the command-line library would by itself kill a program that was asked to end.
    [Theory]
    [InlineData(ProgramSignal.Terminate)]
    [InlineData(ProgramSignal.Interrupt)]
    public async Task A_push_under_way_is_finished_before_the_program_ends(ProgramSignal signal)
    {
        var bytes = TestBytes.Make(1 << 20);
        var digest = ContentDescriptor.DigestOf(bytes);
        await using (var registry = await StartAsync(TimeSpan.FromSeconds(20)))
        {
            var begun = await registry.Http.BeginUploadAsync("drained", Token);
            using var content = new PausedContent(bytes, bytes.Length / 2);
            var pushing = registry.Http.SendAsync(HttpMethod.Put, $"{begun.Location}&digest={digest}", content, Token);
            await content.Paused.WaitAsync(Token);
            await Task.Delay(TimeSpan.FromMilliseconds(300), Token);

            registry.Program.Signal(signal);
            await Task.Delay(TimeSpan.FromSeconds(3), Token);
            Assert.False(registry.Program.HasExited, registry.Program.Output + registry.Program.Error);
            await MustRefuseConnectionsAsync(registry.Settings.Port);
            content.Resume();

            (await pushing).MustBe(HttpStatusCode.Created);
            Assert.Equal(0, await registry.Program.WaitForExitAsync(TimeSpan.FromSeconds(5), Token));
        }

        await using var again = await StartAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(bytes, (await again.Http.GetBlobAsync("drained", digest, Token)).MustBe(HttpStatusCode.OK).Body);
    }

    [Fact]
    public async Task A_push_that_does_not_end_is_cut_off_after_the_drain_time()
    {
        await using var registry = await StartAsync(TimeSpan.FromSeconds(2));
        var elapsed = await StopDuringAPushAsync(registry, () => { });
        Assert.InRange(elapsed, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task A_second_signal_cuts_off_what_is_under_way()
    {
        await using var registry = await StartAsync(TimeSpan.FromSeconds(20));
        var elapsed = await StopDuringAPushAsync(registry, () => registry.Program.Signal(ProgramSignal.Terminate));
        Assert.True(elapsed < TimeSpan.FromSeconds(6), $"took {elapsed}");
    }

    private static async Task<TimeSpan> StopDuringAPushAsync(RegistryProcess registry, Action whileDraining)
    {
        var begun = await registry.Http.BeginUploadAsync("drained", Token);
        using var content = new PausedContent(TestBytes.Make(1 << 20), 1 << 19);
        var pushing = registry.Http.SendAsync(HttpMethod.Patch, begun.Location, content, Token);
        await content.Paused.WaitAsync(Token);
        await Task.Delay(TimeSpan.FromMilliseconds(300), Token);

        var asked = Stopwatch.StartNew();
        registry.Program.Signal(ProgramSignal.Terminate);
        await Task.Delay(TimeSpan.FromMilliseconds(500), Token);
        whileDraining();
        Assert.Equal(0, await registry.Program.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
        content.Resume();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => pushing);
        return asked.Elapsed;
    }

    private static async Task MustRefuseConnectionsAsync(int port)
    {
        using var late = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => late.ConnectAsync("127.0.0.1", port, Token).AsTask());
    }

    private Task<RegistryProcess> StartAsync(TimeSpan drain) =>
        PSRegistryProgram.StartAsync(new RegistrySettings { DataFolder = _data.Path, DrainTimeout = drain }, Token);
}
