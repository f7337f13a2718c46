using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

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
        var aside = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            MakeFolder(Path.GetDirectoryName(full)!);
            Write(aside, $"{User}:{BcryptHash.Of(password, BcryptHash.DefaultCost).Reveal()}\n");
            // Written aside and moved without replacing: of several servers that start at once, the first one's file holds.
            File.Move(aside, full, overwrite: false);
            return new NewUser(User, password);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(aside))
                File.Delete(aside);
            if (File.Exists(full))
                return null;
            throw new RegistryStartException(
                StartFailure.Setting,
                $"auth.htpasswd.path: '{full}' is missing and cannot be made: {fault.Message.TrimEnd('.')}. Make it with htpasswd -B, or name another path.", fault);
        }
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }
}
