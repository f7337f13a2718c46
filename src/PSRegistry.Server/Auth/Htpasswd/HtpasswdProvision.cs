using System.Buffers.Text;
using System.Security.Cryptography;
using PSRegistry.Storage;

namespace PSRegistry.Server.Auth;

/// <summary>Makes the htpasswd file that is missing, with one user and a password that nobody has seen before.</summary>
internal static class HtpasswdProvision
{
    private const string User = "docker";

    /// <summary>Makes the file, unless there is one.</summary>
    /// <returns>The user that was made; null when the file was there.</returns>
    /// <exception cref="RegistryStartException">It cannot be made.</exception>
    public static NewUser? MakeIfMissing(string path)
    {
        if (File.Exists(path))
            return null;
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var full = Path.GetFullPath(path);
        try
        {
            return HtpasswdLine.TryMake(User, password, HtpasswdLine.DefaultCost, out var line, out _) && OwnerOnlyFile.TryMake(full, line + "\n") ? new NewUser(User, password) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RegistryStartException(
                StartFailure.Setting,
                $"auth.htpasswd.path: '{full}' is missing and cannot be made: {fault.Message.TrimEnd('.')}. Make it with htpasswd -B, or name another path.", fault);
        }
    }

    /// <summary>Takes away the file that was made: its password reached nobody. Where that fails, so did what made it.</summary>
    public static void TakeBack(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The start has failed for a reason of its own, which is told.
        }
    }
}
