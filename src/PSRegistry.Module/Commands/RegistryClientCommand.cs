using System.Management.Automation;
using System.Runtime.ExceptionServices;
using PSRegistry.Client;
using PSRegistry.Connections;
using PSRegistry.Errors;
using PSRegistry.Pipeline;
using PSRegistry.Places;
using PSRegistry.Storage;

namespace PSRegistry.Commands;

/// <summary>
/// A cmdlet that asks a registry: which registry, with which login, several requests at a time, each result in the order in which it
/// was asked for, and each failure an error of its own that lets the others go on.
/// </summary>
public abstract class RegistryClientCommand : RegistryCommand
{
    private readonly Dictionary<(Uri Registry, PSCredential? Credential, bool SkipsCheck), RegistryClient> _clients = [];
    private readonly DataFolders _folders = new();
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

    /// <summary>The registry or data folder that is meant; the one place that tells them apart.</summary>
    /// <param name="registry">A registry, or the full path of a data folder as objects carry it; null or empty when none was named.</param>
    /// <param name="dataPath">A data folder as a user writes it; null when none was named.</param>
    /// <returns>Null when there is no such place; the error is written.</returns>
    private protected RegistryPlace? ResolvePlace(string? registry, string? dataPath)
    {
        var named = dataPath is null ? null : GetUnresolvedProviderPathFromPSPath(dataPath);
        if (named is null && (string.IsNullOrEmpty(registry) || !DataFolders.IsFolder(registry)))
            return ResolveRegistry(registry) is { } address ? new RegistryPlace(ClientOf(address)) : null;
        try
        {
            var place = _folders.Find(named ?? registry!);
            if (place is null)
                WriteError(RegistryErrors.NoDataFolder(named ?? registry!));
            else if (named is null || string.IsNullOrEmpty(registry) || (DataFolders.IsFolder(registry) && _folders.Find(registry) == place))
                return place;
            else
                WriteError(RegistryErrors.TwoPlaces(registry, named));
        }
        catch (StorageException failure)
        {
            WriteFailure(failure, named ?? registry!);
        }
        return null;
    }

    /// <summary>
    /// The client of a registry: the connected one, unless the command has a login or a way to check certificates of its own; that one is
    /// kept for the whole command, so that its connections are used again.
    /// </summary>
    private protected RegistryClient ClientOf(RegistryAddress address) => ClientOf(address, Credential, SkipCertificateCheck);

    /// <summary>The same for a registry that has a login of its own.</summary>
    private protected RegistryClient ClientOf(RegistryAddress address, PSCredential? credential, bool skipCertificateCheck)
    {
        if (credential is null && !skipCertificateCheck && ConnectionTable.Find(address) is { } connected)
            return connected;
        if (!_clients.TryGetValue((address.BaseUri, credential, skipCertificateCheck), out var client))
        {
            client = new RegistryClient(address, new RegistryClientOptions
            {
                Credential = credential?.GetNetworkCredential(),
                Logins = CredentialStore.OfUser(),
                SkipCertificateCheck = skipCertificateCheck,
            });
            _clients.Add((address.BaseUri, credential, skipCertificateCheck), client);
        }
        return client;
    }

    /// <summary>How many blobs a copy may have on their way: what the user says, else what suits copies.</summary>
    private protected CopyOptions Throttled(CopyOptions options) =>
        MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? options with { Parallelism = ThrottleLimit } : options;

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
