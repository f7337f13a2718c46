using System.Diagnostics;
using System.Text;
using Xunit;

namespace PSRegistry.Testing;

/// <summary>A program that ran to its end.</summary>
/// <param name="Command">What was run.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="OutputBytes">Standard output, byte for byte: manifests are hashed from it.</param>
/// <param name="Error">Standard error.</param>
public sealed record ProgramRun(ProgramCommand Command, int ExitCode, byte[] OutputBytes, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Runs <paramref name="command"/> to its end, whatever the exit code; killed and failed when it takes too long.</summary>
    public static async Task<ProgramRun> OfAsync(ProgramCommand command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(command.ToStartInfo()) ?? throw new InvalidOperationException($"{command.Program} did not start");
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(command.Timeout);
        using var output = new MemoryStream();
        // Not tied to the token: the output of a killed program is wanted too.
        var copying = process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
        var reading = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            await copying;
            var said = Encoding.UTF8.GetString(output.ToArray()) + await reading;
            Assert.Fail($"{command} did not end within {command.Timeout.TotalSeconds} s\n{said}");
        }

        await copying;
        return new ProgramRun(command, process.ExitCode, output.ToArray(), await reading);
    }

    /// <summary>This run; fails with everything the program said when it ended with another exit code.</summary>
    public ProgramRun MustExitWith(int exitCode)
    {
        if (ExitCode != exitCode)
        {
            Assert.Fail($"{Command} ended with {ExitCode}, not {exitCode}\n{Output}{Error}");
        }

        return this;
    }
}
