using PSRegistry.Testing;

namespace PSRegistry.ModuleTests;

/// <summary>The shell as a process of its own: for what ends a session, and for what only one process sees.</summary>
internal static class Shell
{
    public static ProgramCommand Command(string script, params (string Name, string? Value)[] variables) =>
        new("dotnet", [ModuleFolder.Shell, "-c", script]) { Environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value) };

    /// <summary>Runs a script that must succeed, to its end.</summary>
    public static async Task<ProgramRun> RunAsync(string script, CancellationToken cancellationToken, params (string Name, string? Value)[] variables) =>
        (await ProgramRun.OfAsync(Command(script, variables), cancellationToken)).MustExitWith(0);
}
