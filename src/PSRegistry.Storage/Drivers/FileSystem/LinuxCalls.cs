using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// System calls of Linux that .NET has no call for, or wraps into several. Results and errors are those of the system; a call
/// that a signal interrupted is made again.
/// </summary>
internal static unsafe partial class LinuxCalls
{
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, Append = 0x400, CloseOnExec = 0x80000, NonBlocking = 0x800, PathOnly = 0x200000;
    public const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, TryAgain = 11, Exists = 17, NotAFolder = 20, IsAFolder = 21, NameTooLong = 36;

    private const int LongestPath = 4096;
    private const int CurrentFolder = -100;
    private const uint AllThatUmaskAllows = 0x1B6;

    /// <summary>Whether these calls are there.</summary>
    public static bool AreSupported { get; } = OperatingSystem.IsLinux();

    /// <summary>The error of the last call that returned a negative number.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>Whether the error says that there is nothing at the path.</summary>
    public static bool IsMissing(int error) => error is NoEntry or NotAFolder or NameTooLong;

    [SkipLocalsInit]
    public static int Open(string path, int flags)
    {
        var buffer = stackalloc byte[LongestPath];
        Terminate(path, buffer);
        int descriptor;
        do
            descriptor = Open(buffer, flags, AllThatUmaskAllows);
        while (descriptor < 0 && LastError == Interrupted);
        return descriptor;
    }

    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
                count = Read(descriptor, start, buffer.Length);
            while (count < 0 && LastError == Interrupted);
            return (int)count;
        }
    }

    /// <summary>What is at a path; null when nothing is.</summary>
    [SkipLocalsInit]
    public static FileLook? Look(string path)
    {
        var buffer = stackalloc byte[LongestPath];
        Terminate(path, buffer);
        FileLook look;
        if (Statx(CurrentFolder, buffer, 0, FileLook.BasicFields, &look) == 0)
            return look;
        var error = LastError;
        return IsMissing(error) ? null : throw Fault(path, error);
    }

    /// <summary>A file opened for reading; null when there is none.</summary>
    public static SafeFileHandle? OpenFile(string path, out long length) => OpenFile(path, ReadOnly | CloseOnExec, out length);

    /// <summary>A file opened for writing, made where missing; null when there is no folder for it.</summary>
    public static SafeFileHandle? OpenFileToAppend(string path, out long length) => OpenFile(path, ReadWrite | Create | CloseOnExec, out length);

    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    public static Exception Fault(string path, int error) => DurableFile.Fault(path, error);

    private static SafeFileHandle? OpenFile(string path, int flags, out long length)
    {
        const int EmptyPath = 0x1000;
        length = 0;
        var descriptor = Open(path, flags);
        if (descriptor < 0)
        {
            var error = LastError;
            return IsMissing(error) ? null : throw Fault(path, error);
        }
        FileLook look;
        var nothing = stackalloc byte[1] { 0 };
        if (Statx(descriptor, nothing, EmptyPath, FileLook.BasicFields, &look) == 0 && look.IsFile)
        {
            length = look.Length;
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }
        Close(descriptor);
        return null;
    }

    /// <summary>A new queue of changes that is read without waiting; negative when there are too many in use.</summary>
    public static int OpenChanges() => InotifyInit(CloseOnExec | NonBlocking);

    /// <summary>Adds a folder to a queue of changes; negative when there is no room for more or no such folder.</summary>
    [SkipLocalsInit]
    public static int WatchFolder(int queue, string path, uint events)
    {
        var buffer = stackalloc byte[LongestPath];
        Terminate(path, buffer);
        return InotifyAdd(queue, buffer, events);
    }

    public static void ForgetFolder(int queue, int watch) => _ = InotifyRemove(queue, watch);

    /// <summary>Writes all of a small content; 0, or the error.</summary>
    public static int Write(int descriptor, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            for (nint written = 0; written < content.Length;)
            {
                var count = Write(descriptor, start + written, content.Length - written);
                if (count < 0 && LastError != Interrupted)
                    return LastError;
                written += nint.Max(0, count);
            }
        }
        return 0;
    }

    /// <summary>Lets the disk begin with a part of a file; a hint, which promises nothing.</summary>
    public static void BeginToWrite(SafeFileHandle file, long offset, long length)
    {
        const int Write = 2;
        _ = SyncFileRange(file, offset, length, Write);
    }

    /// <summary>Forgets what is in memory of a file and not waiting to be written; a hint, which promises nothing.</summary>
    public static void ForgetWritten(SafeFileHandle file)
    {
        const int NotNeeded = 4;
        _ = Advise(file, 0, 0, NotNeeded);
    }

    /// <summary>Flushes the file system that holds an open folder; 0, or the error.</summary>
    public static int FlushFileSystem(int descriptor) => SyncFs(descriptor) == 0 ? 0 : LastError;

    /// <summary>Flushes an open file or folder; 0, or the error.</summary>
    public static int Flush(int descriptor)
    {
        while (Synchronize(descriptor) != 0)
        {
            if (LastError is var error and not Interrupted)
                return error;
        }
        return 0;
    }

    /// <summary>Makes one folder; 0, or the error, which is <see cref="Exists"/> where it is there.</summary>
    [SkipLocalsInit]
    public static int MakeFolder(string path)
    {
        const uint AllThatUmaskAllowsForFolders = 0x1FF;
        var buffer = stackalloc byte[LongestPath];
        Terminate(path, buffer);
        return MakeFolder(buffer, AllThatUmaskAllowsForFolders) == 0 ? 0 : LastError;
    }

    /// <summary>Removes a file or an empty folder; 0, or the error.</summary>
    [SkipLocalsInit]
    public static int Remove(string path)
    {
        var buffer = stackalloc byte[LongestPath];
        Terminate(path, buffer);
        if (RemoveFile(buffer) == 0)
            return 0;
        var error = LastError;
        if (error is not (IsAFolder or NotPermitted))
            return error;
        return RemoveFolder(buffer) == 0 ? 0 : LastError;
    }

    /// <summary>How many files this process may have open.</summary>
    public static long OpenFilesAtMost
    {
        get
        {
            const int OpenFiles = 7;
            ResourceLimit limit;
            return GetLimit(OpenFiles, &limit) == 0 ? (long)ulong.Min(limit.Current, long.MaxValue) : 0;
        }
    }

    /// <summary>The kind of file system that holds a path.</summary>
    public static uint FileSystemType(string path)
    {
        var name = stackalloc byte[LongestPath];
        Terminate(path, name);
        // The type is the first field; the rest differs between processors and is smaller than this everywhere.
        var result = stackalloc long[64];
        return Statfs(name, result) == 0 ? (uint)result[0] : 0;
    }

    /// <summary><c>struct rlimit</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly ulong Current;
        public readonly ulong Most;
    }

    private static void Terminate(string path, byte* buffer)
    {
        if (!Encoding.UTF8.TryGetBytes(path, new Span<byte>(buffer, LongestPath - 1), out var length))
            throw new PathTooLongException($"'{path}' is longer than {LongestPath} bytes.");
        buffer[length] = 0;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int folder, byte* path, int flags, uint fields, FileLook* result);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true)]
    private static partial int InotifyAdd(int queue, byte* path, uint events);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch")]
    private static partial int InotifyRemove(int queue, int watch);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true)]
    private static partial int Statfs(byte* path, long* result);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int MakeFolder(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true)]
    private static partial int RemoveFile(byte* path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true)]
    private static partial int RemoveFolder(byte* path);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, ResourceLimit* limit);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* content, nint count);
}
