using System.Diagnostics;

namespace PSRegistry.Services.Systemd;

/// <summary>The program systemctl, for the machine's services or the user's.</summary>
internal sealed class Systemctl
{
    /// <summary>The answers of is-system-running where systemd takes orders; elsewhere it says offline, or nothing.</summary>
    private static readonly string[] Running = ["initializing", "starting", "running", "degraded", "maintenance", "stopping"];

    private readonly string _program;
    private readonly ServiceScope _scope;

    private Systemctl(string program, ServiceScope scope) => (_program, _scope) = (program, scope);

    /// <summary>The one on PATH; null where there is none.</summary>
    public static Systemctl? Find(ServiceScope scope) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "systemctl")).FirstOrDefault(File.Exists) is { } program ? new Systemctl(program, scope) : null;

    /// <summary>Whether systemd runs here: it does not in most containers.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken)
    {
        var (_, output, _) = await RunAsync(["is-system-running"], cancellationToken);
        return Running.Contains(output.Trim());
    }

    /// <summary>Runs a command that must succeed.</summary>
    /// <exception cref="ServiceException">It did not; with what it said.</exception>
    public async Task MustAsync(string advice, CancellationToken cancellationToken, params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments, cancellationToken);
        if (exitCode != 0)
            throw new ServiceException(ServiceFailure.Refused, $"systemctl {string.Join(' ', arguments)} ended with {exitCode}: {(error + output).Trim().TrimEnd('.')}.", advice);
    }

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        string[] scope = _scope is ServiceScope.User ? ["--user"] : [];
        var start = new ProcessStartInfo(_program, [.. scope, "--no-pager", "--no-ask-password", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C", ["SYSTEMD_COLORS"] = "0" },
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Only the waiting ends; systemd goes on with what it was asked.
            process.Kill();
            throw;
        }
        return (process.ExitCode, await output, await error);
    }
}
