namespace PSRegistry.Storage.Drivers;

/// <summary>Turns what the operating system says into a fault that an operator can act on.</summary>
internal static class FileSystemFaults
{
    // errno on Unix, HRESULT on Windows: .NET passes the system's own number through.
    private const int NoSpace = 28, QuotaExceeded = 122, ReadOnlyFileSystem = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static bool IsFault(Exception exception) => exception is IOException and not StorageException or UnauthorizedAccessException;

    public static StorageException ToStorageException(string path, Exception exception) => exception switch
    {
        IOException { HResult: NoSpace or WindowsDiskFull or WindowsHandleDiskFull } =>
            new(StorageFault.Full, $"The disk of the data folder is full (writing '{path}'). Free space or enlarge it; nothing that was acknowledged is lost.", exception),
        IOException { HResult: QuotaExceeded } =>
            new(StorageFault.Full, $"The disk quota of the data folder's owner is used up (writing '{path}').", exception),
        IOException { HResult: ReadOnlyFileSystem } =>
            new(StorageFault.Denied, $"The data folder's file system is mounted read-only (writing '{path}').", exception),
        UnauthorizedAccessException =>
            new(StorageFault.Denied, $"The registry's process may not access '{path}' in the data folder; check owner and rights.", exception),
        _ => new(StorageFault.Failed, $"'{path}' in the data folder cannot be accessed: {exception.Message}", exception),
    };

    public static void Translate(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw ToStorageException(path, fault);
        }
    }

    public static T Translate<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw ToStorageException(path, fault);
        }
    }
}
