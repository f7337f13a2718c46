using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSRegistry.ModuleTests;

/// <summary>
/// A PowerShell session in the engine of the System.Management.Automation package, with the module imported by its manifest. Variables
/// given to it are there in its scripts.
/// </summary>
internal sealed class Session : IDisposable
{
    private readonly Runspace _runspace;

    public Session(params (string Name, object? Value)[] variables)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(ModuleFolder.Manifest);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        foreach (var (name, value) in variables)
            _runspace.SessionStateProxy.SetVariable(name, value);
    }

    /// <summary>Runs a script that must succeed without any error; what it writes.</summary>
    public Collection<PSObject> Run(string script)
    {
        using var shell = Shell(script);
        var output = shell.Invoke();
        Assert.Empty(shell.Streams.Error);
        return output;
    }

    /// <summary>Runs a script; what it writes, and its errors and warnings.</summary>
    public (Collection<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<WarningRecord> Warnings) RunWithErrors(string script)
    {
        using var shell = Shell(script);
        var output = shell.Invoke();
        // The streams end with the shell.
        return (output, [.. shell.Streams.Error], [.. shell.Streams.Warning]);
    }

    /// <summary>Runs a script that must write exactly one error.</summary>
    public ErrorRecord Fails(string script) => Assert.Single(RunWithErrors(script).Errors);

    /// <summary>A script that has not begun.</summary>
    public PowerShell Shell(string script)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    public void Dispose() => _runspace.Dispose();
}

internal static class Objects
{
    /// <summary>A property of an object whose type the tests do not refer to.</summary>
    public static T Get<T>(this PSObject value, string property) => (T)value.Properties[property].Value;

    /// <summary>The texts of objects, as a user would pass them on.</summary>
    public static IEnumerable<string> Texts(this IEnumerable<PSObject> values) => values.Select(value => value.ToString());
}
