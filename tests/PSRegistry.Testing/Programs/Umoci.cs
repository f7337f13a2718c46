namespace PSRegistry.Testing;

/// <summary>umoci, which makes and changes images in layouts: a second pair of eyes beside our own <see cref="ImageLayout"/>.</summary>
public sealed class Umoci
{
    private readonly string _program = Peer.Require("umoci");

    /// <summary>Runs <c>umoci arguments...</c> and expects success.</summary>
    public async Task<ProgramRun> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await ProgramRun.OfAsync(new ProgramCommand(_program, arguments), cancellationToken)).MustExitWith(0);
}
