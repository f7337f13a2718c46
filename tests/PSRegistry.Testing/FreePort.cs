using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PSRegistry.Testing;

/// <summary>
/// Ports on 127.0.0.1 that nobody listens on. They lie below the range from which systems take the ports of outgoing connections, and
/// none is given twice in one process, so that a port stays free between its choice and its use.
/// </summary>
public static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A free port.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            if (Given.TryAdd(port, true) && !IsTaken(port))
            {
                return port;
            }
        }
    }

    /// <summary>Whether something listens on <paramref name="port"/> of 127.0.0.1.</summary>
    public static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
