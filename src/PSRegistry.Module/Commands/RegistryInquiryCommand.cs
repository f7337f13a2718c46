using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>A cmdlet that asks registries about themselves.</summary>
public abstract class RegistryInquiryCommand : RegistryClientCommand
{
    /// <summary>
    /// The registries: host, host:port or URL. http only for this machine, or where the URL says so. Default: the one that Connect-Registry
    /// named, else the server of this session, else localhost:5000.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[]? Registry { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var registry in Registry ?? [""])
        {
            if (ResolveRegistry(registry) is { } address)
                Request(address.Shortest(), AskAsync(ClientOf(address)));
        }
    }

    /// <summary>Asks one registry; one answer.</summary>
    private protected abstract IAsyncEnumerable<object> AskAsync(RegistryClient client, CancellationToken cancellationToken = default);
}
