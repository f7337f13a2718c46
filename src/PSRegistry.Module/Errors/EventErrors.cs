using System.Management.Automation;

namespace PSRegistry.Errors;

/// <summary>The errors of the cmdlets for events.</summary>
internal static class EventErrors
{
    private const string Advice = "Get-Help about_PSRegistry_Events tells how events are kept.";

    /// <summary>To end behind the last event, there has to be a first one.</summary>
    public static ErrorRecord SinceWhen() => RegistryErrors.Record(
        new ArgumentException("-NoFollow ends behind the last event that is kept, and none before now are asked for. Say from when on with -Since."), "EventsSinceWhen", ErrorCategory.InvalidArgument, null, null);

    /// <summary>A folder keeps no events.</summary>
    public static ErrorRecord NotKept(Exception fault, string folder) =>
        RegistryErrors.Record(new ItemNotFoundException(fault.Message + ".", fault), "NoRegistryEvents", ErrorCategory.ObjectNotFound, folder, Advice);

    /// <summary>Events cannot be read, or a wish cannot be left beside them.</summary>
    public static ErrorRecord Unusable(Exception fault, string folder) =>
        RegistryErrors.Record(fault, "RegistryEventsUnusable", fault is UnauthorizedAccessException ? ErrorCategory.PermissionDenied : ErrorCategory.ReadError, folder, null);

    /// <summary>A server keeps none of its events on disk.</summary>
    public static ErrorRecord InMemory(object server) => RegistryErrors.Record(
        new InvalidOperationException($"{server} keeps no events on disk: what is over is gone. It keeps them while its configuration has a notification endpoint, or notifications.outbox.enabled: true."),
        "RegistryEventsNotKept", ErrorCategory.InvalidOperation, server, Advice);
}
