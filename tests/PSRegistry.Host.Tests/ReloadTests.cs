using System.Net;
using System.Text.RegularExpressions;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>SIGHUP, as service managers send it for a reload.</summary>
public sealed partial class ReloadTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task The_program_reads_its_configuration_again_says_so_in_one_line_and_goes_on()
    {
        await using var program = Start("");
        using var http = new RegistryHttp(new Uri($"http://{(await program.WaitForLineAsync(Listening(), Token)).Groups[1].Value}/"));
        await http.BeginUploadAsync("a", Token);

        Write("  maintenance: {readonly: {enabled: true}}");
        program.Signal(ProgramSignal.HangUp);
        await program.WaitForLineAsync(ReadAgain(), Token);
        (await http.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", null, Token)).MustBe(HttpStatusCode.MethodNotAllowed);

        Write("  mainenance: {readonly: {enabled: true}}");
        program.Signal(ProgramSignal.HangUp);
        var said = await program.WaitForLineAsync(NotTakenOver(), Token);
        Assert.Contains("config.yml:5", said.Value, StringComparison.Ordinal);
        (await http.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", null, Token)).MustBe(HttpStatusCode.MethodNotAllowed);

        program.Signal(ProgramSignal.Terminate);
        Assert.Equal(0, await program.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task A_program_whose_terminal_is_gone_ends()
    {
        var script = Peer.Require("script");
        var command = PSRegistryProgram.Command("serve", Write(""));
        var output = _folder["pid"];
        // script gives the program a terminal, which is gone when script is killed.
        var shell = $"echo $$ > '{output}'; exec {string.Join(' ', new[] { command.Program }.Concat(command.Arguments).Select(word => $"'{word}'"))}";
        var terminal = RunningProgram.Start(new ProgramCommand(script, ["-qfc", shell, _folder["typescript"]]));
        await terminal.WaitUntilAsync("the registry listens", _ => Task.FromResult(File.Exists(_folder["typescript"]) && Listening().IsMatch(ReadShared(_folder["typescript"]))), Token);
        var id = int.Parse(await File.ReadAllTextAsync(output, Token), System.Globalization.CultureInfo.InvariantCulture);
        await terminal.DisposeAsync();
        for (var i = 0; i < 500 && Directory.Exists($"/proc/{id}") && !IsZombie(id); i++)
            await Task.Delay(20, Token);
        Assert.True(!Directory.Exists($"/proc/{id}") || IsZombie(id), "the program outlived its terminal");
    }

    private static bool IsZombie(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private RunningProgram Start(string storage) => RunningProgram.Start(PSRegistryProgram.Command("serve", Write(storage)));

    private string Write(string storage)
    {
        File.WriteAllText(_folder["config.yml"], $"""
            version: 0.1
            http: {"{"}addr: '127.0.0.1:0'{"}"}
            storage:
              filesystem: {"{"}rootdirectory: '{_folder["data"]}'{"}"}
            {storage}
            """);
        return _folder["config.yml"];
    }

    [GeneratedRegex(@"listens on (?:https?://)?([^/\s]+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"^configuration read again: storage\.maintenance\.readonly\.enabled changed$", RegexOptions.Multiline)]
    private static partial Regex ReadAgain();

    [GeneratedRegex(@"^configuration not taken over.*$", RegexOptions.Multiline)]
    private static partial Regex NotTakenOver();
}
