using System.Management.Automation;
using PSRegistry.Errors;

namespace PSRegistry.Commands;

/// <summary>
/// Has a registry server send its notification endpoints the events since a time once more, under the same ids and in order, as far back as
/// they are kept. A server that does not run at the moment does so at its next start.
/// </summary>
/// <example>
/// <code>Send-RegistryEvent -DataPath ./registry -Since (Get-Date).AddHours(-2) -Endpoint builds</code>
/// <para>Sends the endpoint builds what happened in the last two hours once more.</para>
/// </example>
/// <example>
/// <code>Send-RegistryEvent -DataPath ./registry -Since 2026-11-28 -WhatIf</code>
/// <para>Shows what would be sent, and to whom.</para>
/// </example>
[Cmdlet(VerbsCommunications.Send, "RegistryEvent", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SendRegistryEventCommand : EventSourceCommand
{
    /// <summary>From when on.</summary>
    [Parameter(Mandatory = true)]
    public DateTime Since { get; set; }

    /// <summary>The name of the endpoint, as the configuration has it. Default: all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Endpoint { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Folder is { } folder)
        {
            Send(folder, folder);
            return;
        }
        foreach (var server in Servers)
        {
            if (server.EventFolder is { } kept)
                Send(server, kept);
            else
                WriteError(EventErrors.InMemory(server));
        }
    }

    private void Send(object target, string folder)
    {
        var since = Moment(Since);
        if (ShouldProcess(target.ToString(), $"Send the events since {since:g} once more to {Endpoint ?? "every endpoint"}"))
            Use(folder, () => OpenServer().ReplayEvents(folder, since, Endpoint));
    }
}
