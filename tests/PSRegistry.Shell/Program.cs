using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

// The cmdlets without PowerShell: -c 'script' or -f script.ps1, in the engine of the System.Management.Automation package. That engine
// has no Select-Object, Format-Table or Copy-Item; objects are written as their text.
if (args is not ["-c" or "-f", var what])
{
    await Console.Error.WriteLineAsync("PSRegistry.Shell -c 'script' | -f script.ps1");
    return 2;
}

var state = InitialSessionState.CreateDefault2();
if (OperatingSystem.IsWindows())
    state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
if (FindManifest() is { } manifest)
    state.ImportPSModule(manifest);
using var runspace = RunspaceFactory.CreateRunspace(state);
runspace.Open();
using var shell = PowerShell.Create(runspace);
// As pwsh: a script has failed when it threw, or when its last statement did not succeed.
var script = args[0] == "-c" ? what : $"& '{Path.GetFullPath(what).Replace("'", "''", StringComparison.Ordinal)}'";
shell.AddScript($"{script}\n$global:Succeeded = $?");

var stopped = false;
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = stopped = true;
    shell.BeginStop(null, null);
};
shell.Streams.Error.DataAdded += (_, added) => WriteError(shell.Streams.Error[added.Index]);
shell.Streams.Warning.DataAdded += (_, added) => Console.Error.WriteLine($"WARNING: {shell.Streams.Warning[added.Index]}");
var output = new PSDataCollection<PSObject>();
output.DataAdded += (_, added) => Console.WriteLine(output[added.Index]);
try
{
    shell.Invoke(null, output);
    return stopped ? 130 : runspace.SessionStateProxy.GetVariable("Succeeded") is false ? 1 : 0;
}
catch (PipelineStoppedException)
{
    return 130;
}
catch (RuntimeException fault)
{
    WriteError(fault.ErrorRecord);
    return 1;
}

static void WriteError(ErrorRecord error)
{
    var command = error.InvocationInfo?.MyCommand?.Name;
    Console.Error.WriteLine((command is null ? "" : command + ": ") + error);
    if (error.ErrorDetails?.RecommendedAction is { Length: > 0 } advice)
        Console.Error.WriteLine("  Recommendation: " + advice);
}

static string? FindManifest()
{
    for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
    {
        if (Path.Combine(folder, "PSRegistry.psd1") is var manifest && File.Exists(manifest))
            return manifest;
    }
    return null;
}
