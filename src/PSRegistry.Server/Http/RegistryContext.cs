using PSRegistry.Oci;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Health;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Http;

/// <summary>What every endpoint works with.</summary>
/// <param name="Registry">The content.</param>
/// <param name="Configuration">The switches.</param>
/// <param name="Urls">The URLs of answers.</param>
/// <param name="UploadSecret">Signs the state of uploads.</param>
/// <param name="Traffic">Counts what is done.</param>
/// <param name="Events">Tells what is done to content.</param>
/// <param name="Issuer">Gives out tokens; null where nobody does here.</param>
internal sealed record RegistryContext(
    IRegistry Registry, RegistryConfiguration Configuration, UrlBuilder Urls, Lazy<byte[]> UploadSecret, TrafficCounter Traffic, ContentEvents Events, TokenIssuer? Issuer)
{
    /// <summary>Whether requests are welcome.</summary>
    public required Readiness Readiness { get; init; }

    /// <summary>Measures and traces requests.</summary>
    public required RequestObserver Observer { get; init; }

    /// <summary>Writes down who changed what.</summary>
    public required AuditLog Audit { get; init; }

    /// <summary>Why nothing may be written; null when it may.</summary>
    public RegistryError? RefuseWrite() => Configuration.Storage.ReadOnly
        ? ErrorCode.Unsupported.With("the registry is in read-only mode; the operator ends it with storage.maintenance.readonly.enabled: false.")
        : null;

    /// <summary>Why nothing may be deleted; null when it may.</summary>
    public RegistryError? RefuseDelete() => RefuseWrite() ?? (Configuration.Storage.DeleteEnabled
        ? null
        : ErrorCode.Unsupported.With(
            "deletion is switched off; the operator switches it on with storage.delete.enabled: true (or REGISTRY_STORAGE_DELETE_ENABLED=true)."));
}
