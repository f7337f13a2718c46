using System.ComponentModel;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using PSRegistry.Output;
using static PSRegistry.Services.Windows.ServiceControl;

namespace PSRegistry.Services.Windows;

/// <summary>Services of Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsServices : IMachineServices
{
    private const uint Automatic = 2, Manual = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public string Describe(ServicePlan plan)
    {
        if (plan.Scope is ServiceScope.User)
            throw new ServiceException(ServiceFailure.Unworkable, "Windows has services of the machine alone: leave out -Scope User.");
        foreach (var path in new[] { plan.ProgramPath, plan.ConfigPath })
        {
            if (path.Any(character => char.IsControl(character) || character is '"'))
                throw new ServiceException(ServiceFailure.InvalidValue, "The path of the program or of the configuration has a character that no command line takes.");
        }
        foreach (var (name, value) in plan.Environment)
        {
            if (name.Length == 0 || name.Any(character => char.IsControl(character) || character is '=') || value.Any(char.IsControl))
                throw new ServiceException(ServiceFailure.InvalidValue, $"The variable {new string([.. name.Where(character => !char.IsControl(character))])} has a name or a value that no variable of a service can have.");
        }
        return string.Join('\n',
            $"Service:   {plan.Name}", $"Command:   {Command(plan)}", $"User:      {Account(plan)}", $"Start:     {plan.StartupType}", $"Variables: {string.Join(' ', plan.Environment.Keys.Order(StringComparer.Ordinal))}");
    }

    public string PlaceOf(string name, ServiceScope scope) => ServiceKey.Path(name);

    public async Task RegisterAsync(ServicePlan plan, bool replace, bool start, Action<string> warn, CancellationToken cancellationToken)
    {
        var exists = ServiceKey.Exists(plan.Name);
        if (exists && (!replace || ServiceKey.Read(plan.Name) is null))
        {
            throw new ServiceException(
                ServiceFailure.Exists, $"There is a service {plan.Name} already.", "-Force replaces one that Register-RegistryService registered; -Name gives this one another name.");
        }
        using var manager = Attempt(plan.Name, OpenManager);
        using var service = Attempt(plan.Name, () => exists ? Open(manager, plan.Name) : Create(manager, plan.Name, Display(plan), StartOf(plan), Command(plan), Account(plan), plan.Credential?.Password));
        Attempt(plan.Name, () =>
        {
            if (exists)
                Change(service, Display(plan), StartOf(plan), Command(plan), Account(plan), plan.Credential?.Password);
            ServiceControl.Describe(service, $"Container registry by {plan.ConfigPath}");
            RestartOnFailure(service);
            ServiceKey.Write(plan);
            if (plan.User is null && plan.Credential is null)
                Grant(plan);
            return true;
        });
        if (!start)
            return;
        if (exists)
            await StopAsync(plan.Name, service, cancellationToken);
        Attempt(plan.Name, () => { Start(service); return true; });
        while (Query(service) is State.StartPending)
            await Task.Delay(Pause, cancellationToken);
        if (Query(service) is not State.Running)
            throw new ServiceException(ServiceFailure.Refused, $"The service {plan.Name} is registered, but ended when it was started.", "The event log tells why: Get-WinEvent -ProviderName '.NET Runtime' -MaxEvents 10");
    }

    public async Task UnregisterAsync(string name, ServiceScope scope, Action<string> warn, CancellationToken cancellationToken)
    {
        if (ServiceKey.Read(name) is null)
            throw ServiceException.NotRegistered(name, "Get-RegistryService lists those that there are; it takes an administrator to see all.");
        using var manager = Attempt(name, OpenManager);
        using var service = Attempt(name, () => Open(manager, name));
        await StopAsync(name, service, cancellationToken);
        Attempt(name, () => { Delete(service); return true; });
    }

    public Task<IReadOnlyList<RegistryService>> ListAsync(ServiceScope scope, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RegistryService>>(scope is ServiceScope.User ? [] : [.. ServiceKey.List().Select(Of)]);

    private static RegistryService Of(ServiceEntry entry) => new()
    {
        Name = entry.Name,
        Status = Status(entry.Name),
        StartupType = entry.IsAutomatic ? ServiceStartupType.Automatic : ServiceStartupType.Manual,
        ConfigPath = entry.ConfigPath,
        ProgramPath = entry.ProgramPath,
        User = entry.User,
        Environment = entry.Variables,
        UnitPath = ServiceKey.Path(entry.Name),
        Definition = Command(entry.ProgramPath, entry.ConfigPath),
    };

    private static RegistryServiceStatus Status(string name)
    {
        try
        {
            using var manager = OpenManager();
            using var service = Open(manager, name);
            return Query(service) switch
            {
                State.Stopped => RegistryServiceStatus.Stopped,
                State.StartPending => RegistryServiceStatus.Starting,
                State.StopPending => RegistryServiceStatus.Stopping,
                State.Running => RegistryServiceStatus.Running,
                _ => RegistryServiceStatus.Unknown,
            };
        }
        catch (Win32Exception)
        {
            return RegistryServiceStatus.Unknown;
        }
    }

    private static async Task StopAsync(string name, Handle service, CancellationToken cancellationToken)
    {
        try
        {
            BeginStop(service);
        }
        catch (Win32Exception fault) when (fault.NativeErrorCode == NotActive)
        {
            return;
        }
        catch (Win32Exception fault)
        {
            throw Failure(name, fault);
        }
        while (Query(service) is not State.Stopped)
            await Task.Delay(Pause, cancellationToken);
    }

    /// <summary>The account of a service has no rights anywhere: the folders that the configuration writes to are given to it.</summary>
    private static void Grant(ServicePlan plan)
    {
        foreach (var path in plan.Needs.WrittenFolders)
        {
            var folder = Directory.CreateDirectory(path);
            var rights = folder.GetAccessControl();
            rights.AddAccessRule(new FileSystemAccessRule(
                new NTAccount(Account(plan)), FileSystemRights.Modify, InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit, PropagationFlags.None, AccessControlType.Allow));
            folder.SetAccessControl(rights);
        }
    }

    private static string Display(ServicePlan plan) => $"PSRegistry ({plan.Name})";

    private static uint StartOf(ServicePlan plan) => plan.StartupType is ServiceStartupType.Automatic ? Automatic : Manual;

    private static string Account(ServicePlan plan) => plan.Credential switch
    {
        { Domain: { Length: > 0 } domain } login => $@"{domain}\{login.UserName}",
        { } login => $@".\{login.UserName}",
        _ => plan.User ?? $@"NT SERVICE\{plan.Name}",
    };

    private static string Command(ServicePlan plan) => Command(plan.ProgramPath, plan.ConfigPath);

    private static string Command(string program, string config) => $"\"{program}\" serve \"{config}\"";

    private static T Attempt<T>(string name, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Win32Exception fault)
        {
            throw Failure(name, fault);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or System.Security.SecurityException or IOException or IdentityNotMappedException)
        {
            throw new ServiceException(ServiceFailure.Denied, $"The service {name} cannot be changed: {fault.Message.TrimEnd('.')}.", "Run PowerShell as an administrator.", fault);
        }
    }

    private static ServiceException Failure(string name, Win32Exception fault) => fault.NativeErrorCode switch
    {
        Denied => new(ServiceFailure.Denied, $"Windows does not let this user change the service {name}.", "Run PowerShell as an administrator.", fault),
        DoesNotExist => new(ServiceFailure.NotFound, $"There is no service {name}.", null, fault),
        MarkedForDeletion => new(ServiceFailure.Refused, $"The service {name} is being removed and still held open.", "Close what shows it, such as services.msc, and try again.", fault),
        _ => new(ServiceFailure.Refused, $"Windows refuses the service {name}: {fault.Message.TrimEnd('.')}.", null, fault),
    };
}
