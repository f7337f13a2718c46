using System.Runtime.CompilerServices;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Reads a small file on Linux by three system calls and without a handle: a look before it and File.OpenHandle make nine, for
/// two links of each manifest that is pulled.
/// </summary>
internal static class SmallFile
{
    /// <summary>Links and most manifests fit.</summary>
    private const int InOneRead = 4096;

    /// <summary>False for a file too large for this way. The content is null when there is no such file.</summary>
    [SkipLocalsInit]
    public static bool TryRead(string path, out byte[]? content)
    {
        content = null;
        var descriptor = LinuxCalls.Open(path, LinuxCalls.ReadOnly | LinuxCalls.CloseOnExec);
        if (descriptor < 0)
        {
            var error = LinuxCalls.LastError;
            return LinuxCalls.IsMissing(error) ? true : throw LinuxCalls.Fault(path, error);
        }
        try
        {
            Span<byte> buffer = stackalloc byte[InOneRead];
            var count = LinuxCalls.Read(descriptor, buffer);
            if (count < 0)
            {
                var error = LinuxCalls.LastError;
                return error == LinuxCalls.IsAFolder ? true : throw LinuxCalls.Fault(path, error);
            }
            if (count == buffer.Length)
                return false;
            content = buffer[..count].ToArray();
            return true;
        }
        finally
        {
            LinuxCalls.Close(descriptor);
        }
    }
}
