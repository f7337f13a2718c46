using System.Text.RegularExpressions;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Servers;

/// <summary>However the process of a session ends, a request in flight is not cut off: its answer shows that the server was stopped.</summary>
public sealed partial class ProcessEndTests
{
    private const string Forever = "Start-RegistryServer -InMemory; while ($true) { [Threading.Thread]::Sleep(100) }";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProgramSignal.Terminate)]
    [InlineData(ProgramSignal.HangUp)]
    public async Task A_signal_lets_a_request_in_flight_end(ProgramSignal signal)
    {
        await using var shell = RunningProgram.Start(Shell.Command(Forever));
        await EndsWithAnswerAsync(shell, () => shell.Signal(signal));
        Assert.NotEqual(0, await shell.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task The_exit_of_the_process_lets_a_request_in_flight_end()
    {
        await using var folder = new TemporaryFolder();
        var exit = folder["exit"];
        await using var shell = RunningProgram.Start(Shell.Command($"Start-RegistryServer -InMemory; while (-not [IO.File]::Exists('{exit}')) {{ [Threading.Thread]::Sleep(20) }}; [Environment]::Exit(7)"));
        await EndsWithAnswerAsync(shell, () => File.WriteAllText(exit, ""));
        Assert.Equal(7, await shell.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task Ctrl_C_on_a_waiting_server_lets_a_request_in_flight_end()
    {
        await using var shell = RunningProgram.Start(Shell.Command("Start-RegistryServer -InMemory -Wait"));
        await EndsWithAnswerAsync(shell, () => shell.Signal(ProgramSignal.Interrupt));
        Assert.Equal(130, await shell.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }

    private static async Task EndsWithAnswerAsync(RunningProgram shell, Action end)
    {
        var address = new Uri((await shell.WaitForLineAsync(Address(), Token)).Value);
        using var http = new RegistryHttp(address);
        var upload = await http.BeginUploadAsync("slow", Token);
        using var content = new PausedContent(TestBytes.Make(1000), pauseAt: 500);
        var patching = http.SendAsync(HttpMethod.Patch, upload.Location, content, Token);
        await content.Paused.WaitAsync(Token);
        end();
        await shell.WaitUntilAsync("it takes no new connections", _ => Task.FromResult(!FreePort.IsTaken(address.Port)), Token);
        content.Resume();
        Assert.Equal(System.Net.HttpStatusCode.Accepted, (await patching).Status);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+/")]
    private static partial Regex Address();
}
