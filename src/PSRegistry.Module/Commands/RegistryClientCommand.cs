using System.Management.Automation;
using System.Runtime.ExceptionServices;
using PSRegistry.Client;
using PSRegistry.Connections;
using PSRegistry.Errors;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>
/// A cmdlet that asks a registry: which registry, with which login, several requests at a time, each result in the order in which it
/// was asked for, and each failure an error of its own that lets the others go on.
/// </summary>
public abstract class RegistryClientCommand : RegistryCommand
{
    private readonly Dictionary<Uri, RegistryClient> _clients = [];
    private OrderedFetch<object>? _fetch;

    /// <summary>
    /// The login of the registry, for this command alone; Connect-Registry keeps one for all. It is sent when the registry asks for one,
    /// and to nobody else. Without both, the login counts that docker or podman keep for the registry.
    /// </summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Accepts any certificate of the registry: the connection is encrypted, but to whoever answers.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>How many requests are in flight at the same time. Results keep their order.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private OrderedFetch<object> Fetch => _fetch ??= new OrderedFetch<object>(Stop);

    /// <summary>
    /// The registry that is meant: the one that was named, else the one that this process is connected to, else the server of this session,
    /// else localhost:5000.
    /// </summary>
    /// <returns>Null when the text is no address; the error is written.</returns>
    private protected RegistryAddress? ResolveRegistry(string? registry)
    {
        if (string.IsNullOrEmpty(registry))
        {
            var candidates = DefaultRegistry.Candidates();
            if (candidates.Count > 1)
                ThrowTerminatingError(RegistryErrors.WhichRegistry(candidates));
            registry = candidates[0];
        }
        if (RegistryAddress.TryParse(registry, out var address, out var fault))
            return address;
        WriteError(RegistryErrors.InvalidAddress(fault));
        return null;
    }

    /// <summary>
    /// The client of a registry: the connected one, unless the command has a login or a way to check certificates of its own; that one is
    /// kept for the whole command, so that its connections are used again.
    /// </summary>
    private protected RegistryClient ClientOf(RegistryAddress address)
    {
        if (Credential is null && !SkipCertificateCheck && ConnectionTable.Find(address) is { } connected)
            return connected;
        if (!_clients.TryGetValue(address.BaseUri, out var client))
        {
            client = new RegistryClient(address, new RegistryClientOptions
            {
                Credential = Credential?.GetNetworkCredential(),
                Logins = CredentialStore.OfUser(),
                SkipCertificateCheck = SkipCertificateCheck,
            });
            _clients.Add(address.BaseUri, client);
        }
        return client;
    }

    /// <summary>Begins to read a list, once there is room for one more, and writes what has arrived of those before.</summary>
    private protected void Request(object target, IAsyncEnumerable<object> items)
    {
        WriteUntilOpen(ThrottleLimit - 1);
        WriteVerbose($"Requesting {target}.");
        Fetch.Add(target, items);
        foreach (var fetched in Fetch.TakeReady())
            Write(fetched);
    }

    /// <summary>Writes everything that is still to come.</summary>
    protected override void Finish() => WriteUntilOpen(0);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (_fetch is { } fetch)
            PipelineThread.Wait(() => fetch.DisposeAsync().AsTask());
        _fetch = null;
        foreach (var client in _clients.Values)
            client.Dispose();
        _clients.Clear();
    }

    /// <summary>Reports what went wrong with one target; the others go on.</summary>
    private protected void WriteFailure(Exception failure, object target)
    {
        if (!RegistryErrors.IsExpected(failure))
            ExceptionDispatchInfo.Throw(failure);
        WriteError(RegistryErrors.Of(failure, target, Credential is not null));
    }

    /// <summary>Writes one item of a list.</summary>
    private protected virtual void WriteItem(object item) => WriteObject(item);

    private void WriteUntilOpen(int atMost)
    {
        foreach (var fetched in Fetch.TakeUntilOpenAsync(atMost).ToBlockingEnumerable(Stop))
            Write(fetched);
    }

    private void Write(Fetched<object> fetched)
    {
        if (fetched.Failure is { } failure)
            WriteFailure(failure, fetched.Target);
        else
            WriteItem(fetched.Item!);
    }
}
