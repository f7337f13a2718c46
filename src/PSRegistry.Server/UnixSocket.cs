using System.Net.Sockets;

namespace PSRegistry.Server;

/// <summary>The path of a Unix socket that is about to be listened on.</summary>
internal static class UnixSocket
{
    /// <summary>
    /// Takes away the socket that an earlier run left behind. One that somebody still listens on, and anything that is no socket,
    /// stays.
    /// </summary>
    /// <returns>The full path.</returns>
    /// <exception cref="RegistryStartException">The path is taken, or in no folder.</exception>
    public static string Claim(string path)
    {
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(full)))
            throw new RegistryStartException(StartFailure.Address, $"http.addr: there is no folder for the socket '{full}'; make it, or name another.");
        if (Directory.Exists(full))
            throw new RegistryStartException(StartFailure.Address, $"http.addr: '{full}' is a folder; name a path for a socket.");
        if (!File.Exists(full))
            return full;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(full));
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(full))
        {
            File.Delete(full);
            return full;
        }
        catch (SocketException fault)
        {
            throw new RegistryStartException(StartFailure.Address, $"http.addr: '{full}' is there and cannot be used as a socket; take it away, or name another path.", fault);
        }
        throw new RegistryStartException(StartFailure.Address, $"cannot listen on {full}: somebody listens there. Stop it, or set http.addr (or REGISTRY_HTTP_ADDR) to another path.");
    }

    /// <summary>Connecting to an ordinary file is refused in the same way; but a socket is not opened as a file (ENXIO).</summary>
    private static bool IsSocket(string path)
    {
        try
        {
            using var opened = File.OpenRead(path);
            return OperatingSystem.IsWindows();
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
