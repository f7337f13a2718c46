using System.Runtime.InteropServices;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// Changes a small file as a whole: <c>users</c> is written aside as <c>users.new</c>, flushed, and renamed over the old one. Readers see the
/// file before or after the change, never between. While <c>users.new</c> is there nobody else may begin a change, so none is lost.
/// </summary>
public static partial class RewrittenFile
{
    /// <summary>How long somebody else's change may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int ExistsOnUnix = 17, ExistsOnWindows = unchecked((int)0x80070050);

    /// <summary>Changes the file, on disk when this returns. Its mode and owner stay; where it is new, it is its owner's alone.</summary>
    /// <param name="path">The file, absolute; behind a link, what the link leads to is changed.</param>
    /// <param name="change">Makes the new content of the old (empty when there is no file), or null to leave all as it is.</param>
    /// <exception cref="IOException">It cannot be written, or another change has begun and does not end.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public static void Change(string path, Func<byte[], byte[]?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var file = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        OwnerOnlyFile.MakeFolder(Path.GetDirectoryName(file)!);
        var aside = file + ".new";
        if (!TryWrite(file, aside, change))
            return;
        // From here on the next change may begin, and the file aside may be somebody else's.
        DurableFile.Replace(aside, file);
        DurableFile.FlushFolder(Path.GetDirectoryName(file)!);
    }

    private static bool TryWrite(string file, string aside, Func<byte[], byte[]?> change)
    {
        var stream = Claim(aside);
        var isWritten = false;
        try
        {
            using (stream)
            {
                var isThere = File.Exists(file);
                if (change(isThere ? File.ReadAllBytes(file) : []) is not { } content)
                    return false;
                if (isThere)
                    Resemble(stream, file, aside);
                stream.Write(content);
                stream.Flush(flushToDisk: true);
                isWritten = true;
            }
            return true;
        }
        finally
        {
            if (!isWritten)
                File.Delete(aside);
        }
    }

    private static FileStream Claim(string aside)
    {
        var began = Environment.TickCount64;
        while (true)
        {
            try
            {
                return OwnerOnlyFile.Create(aside);
            }
            catch (IOException fault) when (fault.HResult is ExistsOnUnix or ExistsOnWindows)
            {
                if (Environment.TickCount64 - began > Patience.TotalMilliseconds)
                    throw new IOException($"another change to it has begun and does not end: '{aside}' is there. If nobody is at it any more, delete that file", fault);
                // Another process may be at it, and nothing tells when it is done. The callers are cmdlets, which wait anyway.
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>A server that runs as another user must be able to read what an administrator changed.</summary>
    private static void Resemble(FileStream stream, string file, string aside)
    {
        if (OperatingSystem.IsWindows())
            return;
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
            Linux.CopyOwner(file, aside);
        File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(file));
    }

    /// <summary>.NET tells and sets no owner, so statx(2) and chown(2) themselves.</summary>
    private static unsafe partial class Linux
    {
        private const int RelativeToFolder = -100;
        private const uint OwnerAndGroup = 0x8 | 0x10;

        public static void CopyOwner(string source, string target)
        {
            Status status;
            if (Look(RelativeToFolder, source, 0, OwnerAndGroup, &status) != 0 || Give(target, status.Owner, status.Group) != 0)
                throw new UnauthorizedAccessException($"its owner cannot be kept: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Look(int folder, string path, int flags, uint mask, Status* status);

        [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Give(string path, uint owner, uint group);

        /// <summary>struct statx: the kernel fixes its layout for every architecture.</summary>
        [StructLayout(LayoutKind.Explicit, Size = 256)]
        private struct Status
        {
            [FieldOffset(20)]
            public uint Owner;

            [FieldOffset(24)]
            public uint Group;
        }
    }
}
