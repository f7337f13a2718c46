using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Errors;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>A cmdlet that lists names, and on request looks closer at what they name.</summary>
public abstract class RegistryListCommand : RegistryClientCommand
{
    private SemaphoreSlim? _slots;

    /// <summary>
    /// A wildcard for the names that are listed, such as *-alpine; letter case counts. It is applied as the pages arrive, since registries
    /// do not filter, and before -Detailed looks closer.
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Filter { get; set; }

    private SemaphoreSlim Slots => _slots ??= new SemaphoreSlim(ThrottleLimit);

    /// <summary>
    /// Looks closer at each item, with -ThrottleLimit requests in flight for all lists of this command together. What is wrong with one item
    /// is an error of its own; where the registry itself fails, the list ends.
    /// </summary>
    private protected IAsyncEnumerable<object> Detail<T>(IAsyncEnumerable<T> items, Func<T, object> target, Func<T, CancellationToken, Task<object>> look) =>
        InOrder.SelectAsync(items, async (item, token) =>
        {
            try
            {
                return await look(item, token);
            }
            catch (Exception failure) when (IsOfOneItem(failure))
            {
                return new FailedItem(target(item), failure);
            }
        }, Slots, ThrottleLimit);

    /// <inheritdoc/>
    private protected override void WriteItem(object item)
    {
        if (item is FailedItem failed)
            WriteFailure(failed.Failure, failed.Target);
        else
            base.WriteItem(item);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _slots?.Dispose();
        _slots = null;
    }

    private static bool IsOfOneItem(Exception failure) => failure is RegistryRequestException request
        ? request.Failure is RegistryFailure.NotFound or RegistryFailure.Unsupported or RegistryFailure.DigestMismatch or RegistryFailure.ProtocolFault
        : RegistryErrors.IsExpected(failure);

    private sealed record FailedItem(object Target, Exception Failure);
}
