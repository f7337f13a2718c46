using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Storage;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Server;

/// <summary>Opens the storage that a configuration names.</summary>
internal static partial class StorageSetup
{
    /// <summary>
    /// Flushes to the disk block their thread. The pool would add threads for them one by one, half a second apart.
    /// </summary>
    private const int ThreadsForFlushes = 32;

    /// <exception cref="RegistryStartException">The data folder cannot be used.</exception>
    public static StorageRegistry Open(RegistryConfiguration configuration, Meter meter)
    {
        ThreadPool.GetMinThreads(out var workers, out var completion);
        if (workers < ThreadsForFlushes)
            ThreadPool.SetMinThreads(ThreadsForFlushes, completion);
        var driver = OpenDriver(configuration.Storage);
        return new StorageRegistry(configuration.IsMeasured ? MeasuredDriver.Around(driver, meter) : driver, Options(configuration) with { Meter = meter });
    }

    /// <summary>What of a configuration the content is told.</summary>
    public static StorageOptions Options(RegistryConfiguration configuration) => new()
    {
        ManifestRules = Rules(configuration.Validation),
        // Nobody but our own servers has the secret that they keep, and these take a signed URL for proof that the upload was begun.
        BeginsUploadsInFolders = configuration.Http.Secret is { Length: > 0 },
        TagConcurrency = configuration.Storage.TagConcurrencyLimit,
    };

    /// <summary>
    /// The configured secret, else the one kept in the data folder, else one that lasts until the server stops. One that is yet to be made
    /// is made by the first request that needs it: the library of OpenSSL is not loaded for it at the start.
    /// </summary>
    public static Lazy<byte[]> FindUploadSecret(RegistryConfiguration configuration, ILogger log)
    {
        if (configuration.Http.Secret is { Length: > 0 } configured)
            return new(UploadSecret.FromConfiguration(configured));
        if (configuration.Storage.Driver == StorageDriverKind.InMemory)
            return new(UploadSecret.Generate);
        var folder = Path.GetFullPath(configuration.Storage.RootDirectory);
        try
        {
            if (UploadSecret.Read(folder) is { } kept)
                return new(kept);
            // What lasts is told now, while somebody looks. What does not (a full disk) fails the one request, and the next tries again.
            CheckWritable(UploadSecret.MakeFolder(folder));
            return new(() => UploadSecret.ReadOrKeep(folder), LazyThreadSafetyMode.PublicationOnly);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Log.SecretNotKept(log, folder, fault.Message);
            return new(UploadSecret.Generate);
        }
    }

    private static IStorageDriver OpenDriver(StorageConfiguration storage)
    {
        if (storage.Driver == StorageDriverKind.InMemory)
            return new MemoryDriver();
        try
        {
            var driver = new FileSystemDriver(storage.RootDirectory);
            if (!storage.ReadOnly)
                CheckWritable(driver.RootDirectory);
            return driver;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var reason = fault.InnerException?.Message ?? fault.Message;
            throw new RegistryStartException(
                StartFailure.DataFolder,
                $"the data folder '{storage.RootDirectory}' cannot be used: {reason}. " +
                "Give its owner the rights, or set storage.filesystem.rootdirectory (or REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY) to another folder.",
                fault);
        }
    }

    /// <summary>A registry that cannot write should say so at its start, not at the first push.</summary>
    private static void CheckWritable(string folder)
    {
        var probe = Path.Combine(folder, $".psregistry-{Path.GetRandomFileName()}.tmp");
        File.WriteAllBytes(probe, []);
        File.Delete(probe);
    }

    private static ManifestRules Rules(ValidationConfiguration validation) => validation.Disabled
        ? new ManifestRules { Index = IndexRule.None }
        : new ManifestRules
        {
            AllowedUrls = [.. validation.ManifestUrls.Allow],
            DeniedUrls = [.. validation.ManifestUrls.Deny],
            Index = validation.Indexes.Platforms switch
            {
                RequiredPlatforms.None => IndexRule.None,
                RequiredPlatforms.List => IndexRule.Listed,
                _ => IndexRule.All,
            },
            Platforms = [.. validation.Indexes.PlatformList.Select(platform => new Platform(platform.OS, platform.Architecture))],
        };

    private static partial class Log
    {
        [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "the upload secret cannot be kept in {Folder} ({Reason}): uploads in progress will not survive a restart; set http.secret")]
        public static partial void SecretNotKept(ILogger log, string folder, string reason);
    }
}
