using System.Runtime.InteropServices;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// The steps of durability that .NET has no exact call for: a rename that never turns into a copy, a folder that is made alone,
/// and the flush of a folder. Whatever vanished on the way is a <see cref="DirectoryNotFoundException"/>: try again.
/// </summary>
public static partial class DurableFile
{
    /// <summary>Renames a file over another in one step.</summary>
    public static void Replace(string source, string target)
    {
        if (OperatingSystem.IsWindows())
            Windows.Replace(source, target);
        else
            Unix.Rename(source, target);
    }

    /// <summary>
    /// Renames a file, unless there is one of that name: then false, and nothing is done. Of several that do so at once one succeeds,
    /// where File.Move on Unix looks first and then replaces what came in between.
    /// </summary>
    public static bool TryRename(string source, string target)
    {
        if (!OperatingSystem.IsWindows() && Unix.TryLink(source, target) is { } isNamed)
        {
            if (isNamed)
                File.Delete(source);
            return isNamed;
        }
        try
        {
            File.Move(source, target, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    /// <summary>Puts what was written aside, and flushed, in the place of a file, on disk when this returns.</summary>
    public static void PutInPlace(string aside, string target)
    {
        try
        {
            Replace(aside, target);
            FlushFolder(Path.GetDirectoryName(target)!);
        }
        catch
        {
            Discard(aside);
            throw;
        }
    }

    /// <summary>Writes what is to replace a file beside it, and flushes it; returns where.</summary>
    public static string WriteAside(string target, ReadOnlyMemory<byte> content)
    {
        var aside = NameAside(target);
        try
        {
            using var handle = File.OpenHandle(aside, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(handle, content.Span, 0);
            RandomAccess.FlushToDisk(handle);
            return aside;
        }
        catch
        {
            Discard(aside);
            throw;
        }
    }

    /// <summary>The same on Linux without the flush, by three system calls where File.OpenHandle makes ten.</summary>
    public static string WriteAsideUnflushed(string target, ReadOnlyMemory<byte> content)
    {
        var aside = NameAside(target);
        var descriptor = LinuxCalls.Open(aside, LinuxCalls.WriteOnly | LinuxCalls.Create | LinuxCalls.Exclusive | LinuxCalls.CloseOnExec);
        if (descriptor < 0)
            throw Fault(aside, LinuxCalls.LastError);
        var error = LinuxCalls.Write(descriptor, content.Span);
        LinuxCalls.Close(descriptor);
        if (error == 0)
            return aside;
        Discard(aside);
        throw Fault(aside, error);
    }

    /// <summary>Removes what was written aside, as far as it goes: a fault that led here is the one to tell.</summary>
    public static void Discard(string? aside)
    {
        try
        {
            if (aside is not null)
                File.Delete(aside);
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
        }
    }

    /// <summary>Makes the content of a file survive a power cut.</summary>
    public static void FlushFile(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Makes one folder, unless it is there; the one around it must be, because nobody would flush that.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Unix.MakeFolder(folder);
    }

    /// <summary>Makes the names in a folder survive a power cut.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder is gone.</exception>
    public static void FlushFolder(string folder)
    {
        // NTFS journals its folders, and Replace writes through: there is nothing to flush.
        if (!OperatingSystem.IsWindows())
            Unix.Flush(folder);
    }

    private static string NameAside(string target) => $"{target}.{Guid.NewGuid():N}.tmp";

    /// <summary>What a system call on Unix failed with, as the exception that .NET would throw.</summary>
    public static Exception Fault(string path, int error) => Unix.Fault(path, error);

    /// <summary>.NET opens no folders on Unix, so open(2) and fsync(2) themselves.</summary>
    private static partial class Unix
    {
        private const int ReadOnly = 0, CloseOnExecLinux = 0x80000, CloseOnExecMac = 0x1000000;
        private const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, AccessDenied = 13, Exists = 17, InvalidArgument = 22;
        private const uint AllThatUmaskAllows = 0x1FF;

        public static void Rename(string source, string target)
        {
            if (Move(source, target) != 0)
                throw Fault(target, Marshal.GetLastPInvokeError());
        }

        /// <summary>Gives a file a second name; false when there is a file of that name, null where files have one name only.</summary>
        public static bool? TryLink(string file, string name) =>
            Link(file, name) == 0 ? true : Marshal.GetLastPInvokeError() == Exists ? false : null;

        public static void MakeFolder(string folder)
        {
            if (Make(folder, AllThatUmaskAllows) != 0 && Marshal.GetLastPInvokeError() is var error and not Exists)
                throw Fault(folder, error);
        }

        public static void Flush(string folder)
        {
            var descriptor = Open(folder, ReadOnly | (OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux));
            if (descriptor < 0)
                throw Fault(folder, Marshal.GetLastPInvokeError());
            try
            {
                while (Synchronize(descriptor) != 0)
                {
                    var error = Marshal.GetLastPInvokeError();
                    // Some network and FUSE file systems cannot flush folders and say so: more cannot be had there.
                    if (error == InvalidArgument)
                        return;
                    if (error != Interrupted)
                        throw Fault(folder, error);
                }
            }
            finally
            {
                _ = Close(descriptor);
            }
        }

        public static Exception Fault(string path, int error)
        {
            var message = $"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'";
            return error switch
            {
                NoEntry => new DirectoryNotFoundException(message),
                NotPermitted or AccessDenied => new UnauthorizedAccessException(message),
                _ => new IOException(message, error),
            };
        }

        [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Move(string source, string target);

        [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Link(string file, string name);

        [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Make(string path, uint mode);

        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
        private static partial int Synchronize(int descriptor);

        [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
        private static partial int Close(int descriptor);
    }

    /// <summary>File.Move does not write through, and an acknowledged rename must be on the disk.</summary>
    private static partial class Windows
    {
        private const uint ReplaceExisting = 1, WriteThrough = 8;
        private const int FileNotFound = 2, PathNotFound = 3;

        public static void Replace(string source, string target)
        {
            if (Move(source, target, ReplaceExisting | WriteThrough))
                return;
            var error = Marshal.GetLastPInvokeError();
            if (error is FileNotFound or PathNotFound)
                throw new DirectoryNotFoundException($"{Marshal.GetPInvokeErrorMessage(error)}: '{target}'");
            // A reader can hold the target open. Content under a digest is equal, so what is there serves as well.
            if (File.Exists(target) && File.Exists(source) && new FileInfo(source).Length == new FileInfo(target).Length && SameContent(source, target))
                File.Delete(source);
            else
                throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{target}'", unchecked((int)0x80070000) | error);
        }

        private static bool SameContent(string left, string right)
        {
            using var a = new FileStream(left, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var b = new FileStream(right, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> bytesOfA = stackalloc byte[4096], bytesOfB = stackalloc byte[4096];
            while (a.ReadAtLeast(bytesOfA, bytesOfA.Length, throwOnEndOfStream: false) is var count and > 0)
            {
                if (b.ReadAtLeast(bytesOfB, bytesOfB.Length, throwOnEndOfStream: false) != count || !bytesOfA[..count].SequenceEqual(bytesOfB[..count]))
                    return false;
            }
            return true;
        }

        [LibraryImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static partial bool Move(string source, string target, uint flags);
    }
}
