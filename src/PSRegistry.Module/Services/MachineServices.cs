using PSRegistry.Services.Systemd;

namespace PSRegistry.Services;

/// <summary>Which services this machine has.</summary>
internal static class MachineServices
{
    /// <exception cref="ServiceException">It has none that are known here.</exception>
    public static IMachineServices Open() =>
        OperatingSystem.IsLinux() ? new SystemdServices()
        : OperatingSystem.IsWindows() ? new Windows.WindowsServices()
        : throw new ServiceException(ServiceFailure.Unsupported, "Services are registered on Linux with systemd and on Windows; this system has neither.", "Run psregistry serve config.yml under the service manager of this system.");
}
