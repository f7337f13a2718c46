using System.Net;
using System.Text.RegularExpressions;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>The program as a stranger starts it: no config file.</summary>
public sealed partial class NoConfigurationTests : IAsyncDisposable
{
    private readonly TemporaryFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _home.DisposeAsync();

    [Theory]
    [InlineData("serve")]
    [InlineData]
    public async Task It_serves_a_folder_of_the_users_with_deletion_on_and_says_where(params string[] arguments)
    {
        await using var program = RunningProgram.Start(Command("127.0.0.1:0", arguments));
        using var http = await ConnectAsync(program);
        await program.WaitForLineAsync(new Regex(Regex.Escape(_home.Path)), Token);

        var image = await TinyImages.PushAsync(http, "first/try", "v1", TestBytes.Make(1000), Token);
        Assert.NotEmpty(Directory.EnumerateFiles(_home["data"], "data", SearchOption.AllDirectories));
        (await http.DeleteManifestAsync("first/try", image.Manifest, Token)).MustBe(HttpStatusCode.Accepted);

        program.Signal(ProgramSignal.Terminate);
        Assert.Equal(0, await program.WaitForExitAsync(TimeSpan.FromSeconds(15), Token));
    }

    [Fact]
    public async Task What_was_pushed_is_there_after_a_restart()
    {
        TinyImage image;
        await using (var first = RunningProgram.Start(Command("127.0.0.1:0", [])))
        {
            using var http = await ConnectAsync(first);
            image = await TinyImages.PushAsync(http, "first/try", "v1", TestBytes.Make(1000), Token);
            first.Signal(ProgramSignal.Terminate);
            await first.WaitForExitAsync(TimeSpan.FromSeconds(15), Token);
        }

        await using var second = RunningProgram.Start(Command("127.0.0.1:0", []));
        using var again = await ConnectAsync(second);
        Assert.Equal(image.Manifest, (await again.GetManifestAsync("first/try", "v1", Token)).MustBe(HttpStatusCode.OK).Digest);
    }

    // Where something else holds the port, the program proves the same by complaining about it.
    [Fact]
    public async Task It_listens_on_port_5000_of_this_machine()
    {
        if (FreePort.IsTaken(5000))
        {
            var refused = (await ProgramRun.OfAsync(Command(null, []), Token)).MustExitWith(1);
            Assert.Contains("127.0.0.1:5000", refused.Error, StringComparison.Ordinal);
            return;
        }

        await using var program = RunningProgram.Start(Command(null, []));
        using var http = await ConnectAsync(program);
        Assert.Equal(new Uri("http://127.0.0.1:5000/"), http.Address);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9][0-9]*")]
    private static partial Regex Address();

    private static async Task<RegistryHttp> ConnectAsync(RunningProgram program)
    {
        var address = await program.WaitForLineAsync(Address(), Token);
        var http = new RegistryHttp(new Uri(address.Value));
        (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        return http;
    }

    private ProgramCommand Command(string? address, IReadOnlyList<string> arguments) =>
        PSRegistryProgram.Command(arguments).With(new Dictionary<string, string?>
        {
            ["HOME"] = _home.Path,
            ["XDG_DATA_HOME"] = _home["data"],
            ["REGISTRY_HTTP_ADDR"] = address,
        });
}
