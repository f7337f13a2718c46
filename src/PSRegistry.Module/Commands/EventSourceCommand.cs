using System.Management.Automation;
using PSRegistry.Errors;

namespace PSRegistry.Commands;

/// <summary>A cmdlet for the events of servers of this process, or of a data folder.</summary>
public abstract class EventSourceCommand : ServerCommand
{
    /// <summary>The data folder of a server in any process that keeps its events there, instead of a server of this one; or the folder of notifications.outbox.path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>The data folder, absolute; null where a server of this process is meant.</summary>
    private protected string? Folder => DataPath is null ? null : GetUnresolvedProviderPathFromPSPath(DataPath);

    /// <summary>The moment that a user means by a time: a local one, unless it says otherwise.</summary>
    private protected static DateTimeOffset Moment(DateTime time) => new(time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Local) : time);

    /// <summary>Runs work behind the door; the error is written when the folder cannot be used.</summary>
    private protected void Use(string folder, Action work)
    {
        try
        {
            work();
        }
        catch (DirectoryNotFoundException fault)
        {
            WriteError(EventErrors.NotKept(fault, folder));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            WriteError(EventErrors.Unusable(fault, folder));
        }
    }
}
