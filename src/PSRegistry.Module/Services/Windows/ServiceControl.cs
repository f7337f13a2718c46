using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Services.Windows;

/// <summary>The calls of Windows' service control manager that are needed here: winsvc.h.</summary>
[SupportedOSPlatform("windows")]
internal static partial class ServiceControl
{
    public const int DoesNotExist = 1060, NotActive = 1062, MarkedForDeletion = 1072, Denied = 5;

    private const uint AllOfManager = 0xF003F, AllOfService = 0xF01FF, OwnProcess = 0x10, NormalError = 1, Stop = 1, FailureActions = 2, Description = 1;

    public enum State : uint
    {
        Stopped = 1,
        StartPending,
        StopPending,
        Running,
    }

    public static Handle OpenManager() => Valid(OpenSCManager(null, null, AllOfManager));

    public static Handle Create(Handle manager, string name, string display, uint start, string command, string account, string? password) =>
        Valid(CreateService(manager, name, display, AllOfService, OwnProcess, start, NormalError, command, null, 0, null, account, password));

    public static Handle Open(Handle manager, string name) => Valid(OpenService(manager, name, AllOfService));

    public static void Change(Handle service, string display, uint start, string command, string account, string? password) =>
        Must(ChangeServiceConfig(service, OwnProcess, start, NormalError, command, null, 0, null, account, password, display));

    public static unsafe void Describe(Handle service, string text)
    {
        fixed (char* characters = text)
            Must(ChangeServiceConfig2(service, Description, &characters));
    }

    /// <summary>Starts it again five seconds after a failure, however often; a day without one begins the count anew.</summary>
    public static unsafe void RestartOnFailure(Handle service)
    {
        const int Restart = 1;
        var action = stackalloc int[] { Restart, 5000 };
        var actions = new Actions { ResetPeriod = 86_400, Count = 1, List = action };
        Must(ChangeServiceConfig2(service, FailureActions, &actions));
    }

    public static void Start(Handle service) => Must(StartService(service, 0, 0));

    public static void BeginStop(Handle service) => Must(ControlService(service, Stop, out _));

    public static State Query(Handle service)
    {
        Must(QueryServiceStatus(service, out var status));
        return (State)status.CurrentState;
    }

    public static void Delete(Handle service) => Must(DeleteService(service));

    private static Handle Valid(Handle handle) => handle.IsInvalid ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : handle;

    private static void Must(bool succeeded)
    {
        if (!succeeded)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    internal sealed partial class Handle : SafeHandleZeroOrMinusOneIsInvalid
    {
        public Handle() : base(ownsHandle: true)
        {
        }

        protected override bool ReleaseHandle() => CloseServiceHandle(handle);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Status
    {
        public uint ServiceType, CurrentState, ControlsAccepted, ExitCode, ServiceExitCode, CheckPoint, WaitHint;
    }

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Actions
    {
        public uint ResetPeriod;
        public char* RebootMessage, Command;
        public uint Count;
        public int* List;
    }

    [LibraryImport("advapi32", EntryPoint = "OpenSCManagerW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial Handle OpenSCManager(string? machine, string? database, uint access);

    [LibraryImport("advapi32", EntryPoint = "CreateServiceW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial Handle CreateService(
        Handle manager, string name, string display, uint access, uint type, uint start, uint error, string command, string? group, nint tag, string? dependencies, string? account, string? password);

    [LibraryImport("advapi32", EntryPoint = "OpenServiceW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial Handle OpenService(Handle manager, string name, uint access);

    [LibraryImport("advapi32", EntryPoint = "ChangeServiceConfigW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool ChangeServiceConfig(
        Handle service, uint type, uint start, uint error, string command, string? group, nint tag, string? dependencies, string? account, string? password, string display);

    [LibraryImport("advapi32", EntryPoint = "ChangeServiceConfig2W", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool ChangeServiceConfig2(Handle service, uint level, void* information);

    [LibraryImport("advapi32", EntryPoint = "StartServiceW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool StartService(Handle service, uint count, nint arguments);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool ControlService(Handle service, uint control, out Status status);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryServiceStatus(Handle service, out Status status);

    [LibraryImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool DeleteService(Handle service);

    [LibraryImport("advapi32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseServiceHandle(nint handle);
}
