using System.Management.Automation;
using PSRegistry.Hosting;

namespace PSRegistry.Commands;

/// <summary>
/// Writes the log of a registry server as objects: its access log and what happens in it. The last 4096 records are kept, and reading takes
/// none away.
/// </summary>
/// <example>
/// <code>Receive-RegistryServerLog -Tail 20</code>
/// <para>Shows the last twenty records of this session's server.</para>
/// </example>
/// <example>
/// <code>Receive-RegistryServerLog -Wait | Where-Object Level -GE Warning</code>
/// <para>Shows warnings and errors as they happen, until the server stops or Ctrl+C.</para>
/// </example>
[Cmdlet(VerbsCommunications.Receive, "RegistryServerLog")]
[OutputType(typeof(ServerLogRecord))]
public sealed class ReceiveRegistryServerLogCommand : ServerCommand
{
    /// <summary>Only so many of the newest records that are kept; 0 for none of them. Default: all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; } = int.MaxValue;

    /// <summary>Goes on with the records that come, until the server stops (or Ctrl+C, which does not stop it).</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var server in Servers)
        {
            if (Wait)
            {
                foreach (var record in server.Log.FollowAsync(Tail, Stop).ToBlockingEnumerable(CancellationToken.None))
                    WriteObject(record);
            }
            else
            {
                foreach (var record in server.Log.Newest(Tail))
                    WriteObject(record);
            }
        }
    }
}
