namespace PSRegistry.Storage.Drivers;

/// <summary>Deletes a file, or a folder with all that is in it.</summary>
internal static class FolderRemoval
{
    /// <summary>How often a delete goes on against others who put something into the folder.</summary>
    private const int DeleteAttempts = 100;

    /// <summary>False when there was nothing.</summary>
    public static bool Delete(string target)
    {
        try
        {
            // .NET looks first and then calls: for a file and for an empty folder the calls alone do.
            if (LinuxCalls.AreSupported && LinuxCalls.Remove(target) is var error)
            {
                if (error == 0)
                    return true;
                if (LinuxCalls.IsMissing(error))
                    return false;
            }
            if (!File.Exists(target))
                return DeleteFolder(target);
            File.Delete(target);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Goes on until the folder is gone, while others put something in or take something out of it.</summary>
    private static bool DeleteFolder(string target)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(target, recursive: true);
                return true;
            }
            catch (DirectoryNotFoundException) when (attempt < DeleteAttempts && Directory.Exists(target))
            {
            }
            catch (IOException fault) when (attempt < DeleteAttempts && FileSystemFaults.IsNotEmpty(fault))
            {
            }
        }
    }
}
