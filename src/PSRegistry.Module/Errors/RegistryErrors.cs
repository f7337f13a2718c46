using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Hosting;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.ServerContext;
using PSRegistry.Storage;

namespace PSRegistry.Errors;

/// <summary>Every error of the module: its stable id, its category, and the next command to type.</summary>
internal static class RegistryErrors
{
    /// <summary>Whether a failure is one that users meet, and not a fault of the module.</summary>
    public static bool IsExpected(Exception failure) =>
        failure is RegistryRequestException or ArchiveException or ImageNotFoundException or UnreadableContentException or ContentRefusedException or NotRemovedException
            or RepositoryNotFoundException or PlatformNotFoundException or StorageException;

    /// <summary>The error of an expected failure.</summary>
    public static ErrorRecord Of(Exception failure, object target, bool withCredential) => failure switch
    {
        RegistryRequestException request => Request(request, target, withCredential),
        ArchiveException archive => ArchiveErrors.Of(archive),
        ImageNotFoundException => Record(failure, "RegistryImageNotFound", ErrorCategory.ObjectNotFound, target, "Get-RegistryCatalog lists the repositories, Get-RegistryTag their tags."),
        ContentRefusedException => Record(failure, "RegistryContentRefused", ErrorCategory.InvalidData, target, null),
        RepositoryNotFoundException => Record(failure, "RegistryContentNotFound", ErrorCategory.ObjectNotFound, target, "Get-RegistryCatalog lists the repositories."),
        PlatformNotFoundException => Record(
            failure, "ImagePlatformNotFound", ErrorCategory.ObjectNotFound, target, "-Platform names one that is there; Get-RegistryTag -Detailed shows the platforms."),
        StorageException storage => Storage(storage, target),
        NotRemovedException => Record(failure, "RegistryImageNotRemoved", ErrorCategory.InvalidResult, target, null),
        _ => Record(failure, "RegistryContentUnreadable", ErrorCategory.InvalidData, target, null),
    };

    /// <summary>The error of a failure to take an image from where it is to elsewhere.</summary>
    public static ErrorRecord OfSource(Exception failure, object target, bool withCredential) => failure is ArchiveException { Failure: ArchiveFailure.Unusable }
        ? Record(failure, "RegistryContentUnreadable", ErrorCategory.InvalidData, target, null)
        : Of(failure, target, withCredential);

    /// <summary>Text that should name an image and does not.</summary>
    public static ErrorRecord InvalidImage(string text) => Record(
        new ArgumentException($"'{text}' is no image: expected [registry/]repository[:tag][@digest]."), "InvalidImageReference", ErrorCategory.InvalidArgument, text, null);

    /// <summary>An image is named without saying which.</summary>
    public static ErrorRecord NoTag(string text) => Record(
        new ArgumentException($"'{text}' names no tag and no digest, and none is guessed here. Write {text}:tag; Get-RegistryTag {text} lists the tags."),
        "ImageWithoutTag", ErrorCategory.InvalidArgument, text, null);

    /// <summary>A tag is to be removed, and a digest was said.</summary>
    public static ErrorRecord DigestIsNoTag(string text) => Record(
        new ArgumentException($"{text} names a manifest by its digest; a tag is removed here. Remove-RegistryImage removes manifests."), "ImageWithoutTag", ErrorCategory.InvalidArgument, text, null);

    /// <summary>Text that should be a tag and is not.</summary>
    public static ErrorRecord InvalidTag(string text) =>
        Record(new ArgumentException($"'{text}' is no tag: {Tag.Rule}"), "InvalidTag", ErrorCategory.InvalidArgument, text, null);

    /// <summary>A registry did not answer as asked.</summary>
    /// <param name="exception">What happened; its message is a sentence for the user.</param>
    /// <param name="target">What was asked for.</param>
    /// <param name="withCredential">Whether the user gave a login.</param>
    public static ErrorRecord Request(RegistryRequestException exception, object target, bool withCredential)
    {
        var (id, category) = Kind(exception.Failure);
        return Record(exception, id, category, target, Advice(exception, withCredential));
    }

    /// <summary>Text that should be an address and is not. It is no target: a slip may hold a password, which the message leaves out.</summary>
    public static ErrorRecord InvalidAddress(string message) =>
        Record(new ArgumentException(message), "InvalidRegistryAddress", ErrorCategory.InvalidArgument, null, null);

    /// <summary>A folder that should hold a registry's data and holds none.</summary>
    public static ErrorRecord NoDataFolder(string path) => Record(
        new ItemNotFoundException($"'{path}' holds no data of a registry: there is no folder docker/registry/v2 in it, or it may not be looked into."),
        "NoRegistryData", ErrorCategory.ObjectNotFound, path, "Name the folder that storage.filesystem.rootdirectory names; Get-RegistryServer shows it as DataFolder.");

    /// <summary>Text that should say where copies go and does not.</summary>
    public static ErrorRecord InvalidDestination(string fault) =>
        Record(new ArgumentException(fault), "InvalidDestination", ErrorCategory.InvalidArgument, null, "Write -Destination registry[/repository[:tag]].");

    /// <summary>Two images would get one name.</summary>
    public static ErrorRecord SameDestination(string name, string image, string other) => Record(
        new ArgumentException($"{image} would take the name {name} away from {other}, which has just been copied. It is left out."),
        "SameImageName", ErrorCategory.InvalidArgument, image, "A -Destination without repository and tag, or with a repository and a slash behind it, keeps names apart.");

    /// <summary>A registry and a data folder are named for one thing.</summary>
    public static ErrorRecord TwoPlaces(string registry, string dataPath) => Record(
        new ArgumentException($"Both the registry {registry} and the data folder '{dataPath}' are named, and only one of them can be meant."),
        "RegistryAndDataPath", ErrorCategory.InvalidArgument, dataPath, "Leave out -DataPath for what the pipeline brings: it knows where it came from.");

    /// <summary>Text that should be a repository and is not.</summary>
    public static ErrorRecord InvalidRepository(string text) =>
        Record(new ArgumentException($"'{text}' is no repository name: {RepositoryName.Rule}"), "InvalidRepositoryName", ErrorCategory.InvalidArgument, text, null);

    /// <summary>A server cannot start as configured: all faults in one record.</summary>
    public static ErrorRecord FaultyConfiguration(ConfigurationFaultException exception, object? target) =>
        Record(exception, "ConfigurationFault", ErrorCategory.InvalidData, target, null);

    /// <summary>A server cannot start on this machine.</summary>
    public static ErrorRecord CannotStart(RegistryStartException exception, object target) => exception.Failure switch
    {
        StartFailure.Address => Record(exception, "AddressUnavailable", ErrorCategory.ResourceUnavailable, target,
            "-Port 0 takes any free port; Get-RegistryServer lists the servers of this process."),
        StartFailure.DataFolder => Record(exception, "DataFolderUnusable", ErrorCategory.PermissionDenied, target,
            "-RootDirectory names another folder; -InMemory needs none."),
        _ => Record(exception, "SettingUnusable", ErrorCategory.InvalidData, target, null),
    };

    /// <summary>There is no ASP.NET Core.</summary>
    public static ErrorRecord NoAspNetCore(AspNetCoreMissingException exception) =>
        Record(exception, "AspNetCoreMissing", ErrorCategory.NotInstalled, null, null);

    /// <summary>A cmdlet needs to be told which server.</summary>
    public static ErrorRecord WhichServer(string id, string message) =>
        Record(new InvalidOperationException(message), id, ErrorCategory.ObjectNotFound, null, null);

    /// <summary>Several registries could be meant, and none is guessed.</summary>
    public static ErrorRecord WhichRegistry(IReadOnlyList<string> candidates) => WhichServer(
        "SeveralRegistries", $"Several registries could be meant: {string.Join(", ", candidates)}. Name one with -Registry.");

    /// <summary>A file that was named cannot be used.</summary>
    public static ErrorRecord UnusableFile(string message, string path) =>
        Record(new ArgumentException(message), "UnusableFile", ErrorCategory.InvalidData, path, null);

    /// <summary>The store of docker's or podman's logins cannot be read or written.</summary>
    public static ErrorRecord UnusableLogins(CredentialStoreException exception) =>
        Record(exception, "CredentialStoreUnusable", ErrorCategory.ResourceUnavailable, exception.Store, null);

    /// <summary>There is no login that could be kept.</summary>
    public static ErrorRecord NothingToSave(string registry) => Record(
        new ArgumentException($"There is no login of {registry} to save: -Save needs -Credential."), "NothingToSave", ErrorCategory.InvalidArgument, registry,
        $"Run: Connect-Registry {registry} -Credential (Get-Credential) -Save");

    /// <summary>There is no connection to give up.</summary>
    public static ErrorRecord NotConnected(string registry, IEnumerable<RegistryConnection> connections) => Record(
        new InvalidOperationException($"This process is not connected to {registry}. Its connections: {(connections.Any() ? string.Join(", ", connections) : "none")}."),
        "RegistryNotConnected", ErrorCategory.ObjectNotFound, registry, null);

    private static ErrorRecord Storage(StorageException fault, object target) => fault.Fault switch
    {
        StorageFault.Full => Record(fault, "DataFolderFull", ErrorCategory.LimitsExceeded, target, null),
        StorageFault.Denied => Record(fault, "DataFolderUnusable", ErrorCategory.PermissionDenied, target, null),
        StorageFault.Damaged => Record(fault, "DataFolderDamaged", ErrorCategory.InvalidData, target, null),
        _ => Record(fault, "DataFolderUnusable", ErrorCategory.ReadError, target, null),
    };

    private static (string Id, ErrorCategory Category) Kind(RegistryFailure failure) => failure switch
    {
        RegistryFailure.Unreachable => ("RegistryUnreachable", ErrorCategory.ConnectionError),
        RegistryFailure.HostUnknown => ("RegistryHostUnknown", ErrorCategory.ConnectionError),
        RegistryFailure.CertificateUntrusted => ("RegistryCertificateUntrusted", ErrorCategory.SecurityError),
        RegistryFailure.PlainHttpServer => ("RegistryIsPlainHttp", ErrorCategory.ConnectionError),
        RegistryFailure.HttpsServer => ("RegistryIsHttps", ErrorCategory.ConnectionError),
        RegistryFailure.TimedOut => ("RegistryTimedOut", ErrorCategory.OperationTimeout),
        RegistryFailure.Unauthorized => ("RegistryUnauthorized", ErrorCategory.AuthenticationError),
        RegistryFailure.Denied => ("RegistryDenied", ErrorCategory.PermissionDenied),
        RegistryFailure.NotFound => ("RegistryContentNotFound", ErrorCategory.ObjectNotFound),
        RegistryFailure.Unsupported => ("RegistryOperationUnsupported", ErrorCategory.NotImplemented),
        RegistryFailure.TooManyRequests => ("RegistryTooManyRequests", ErrorCategory.LimitsExceeded),
        RegistryFailure.NotARegistry => ("NotARegistry", ErrorCategory.ProtocolError),
        RegistryFailure.ProtocolFault => ("RegistryProtocolFault", ErrorCategory.ProtocolError),
        RegistryFailure.ConnectionLost => ("RegistryConnectionLost", ErrorCategory.ConnectionError),
        RegistryFailure.DigestMismatch => ("RegistryDigestMismatch", ErrorCategory.InvalidData),
        _ => ("RegistryServerFault", ErrorCategory.InvalidResult),
    };

    private static string? Advice(RegistryRequestException exception, bool withCredential) => exception.Failure switch
    {
        RegistryFailure.Unauthorized when !withCredential => $"Run: Connect-Registry {exception.Registry} -Credential (Get-Credential)",
        RegistryFailure.CertificateUntrusted => $"Run: Connect-Registry {exception.Registry} -CertificateAuthority ca.crt. -SkipCertificateCheck goes on without that proof.",
        RegistryFailure.PlainHttpServer => $"If that is meant, write -Registry http://{exception.Registry}.",
        RegistryFailure.HttpsServer => $"Write -Registry https://{exception.Registry}.",
        RegistryFailure.Unreachable when exception.RequestUri.IsLoopback => "Start-RegistryServer starts a registry here.",
        RegistryFailure.Unsupported when exception.Method == "DELETE" && IsByDigest(exception.RequestUri) =>
            "Deletion is switched off: its operator sets storage.delete.enabled: true (REGISTRY_STORAGE_DELETE_ENABLED=true).",
        RegistryFailure.Unsupported when exception.Method == "DELETE" => "-Force goes the way round: it moves the tag to a manifest of its own and removes that.",
        RegistryFailure.NotFound => "Get-RegistryCatalog lists the repositories.",
        _ => null,
    };

    private static bool IsByDigest(Uri uri) => Digest.TryParse(Uri.UnescapeDataString(uri.Segments[^1]), out _);

    internal static ErrorRecord Record(Exception exception, string id, ErrorCategory category, object? target, string? advice)
    {
        var record = new ErrorRecord(exception, id, category, target);
        if (advice is not null)
            record.ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = advice };
        return record;
    }
}
