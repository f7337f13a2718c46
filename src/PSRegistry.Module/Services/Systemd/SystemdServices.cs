using PSRegistry.Certificates;
using PSRegistry.Output;
using PSRegistry.Storage;

namespace PSRegistry.Services.Systemd;

/// <summary>Services as units of systemd.</summary>
internal sealed class SystemdServices : IMachineServices
{
    public string Describe(ServicePlan plan)
    {
        if (plan.Scope is ServiceScope.User && plan.User is not null)
            throw new ServiceException(ServiceFailure.Unworkable, "A service of the scope User runs as the user whose it is; -User is for services of the machine.");
        if (plan.Credential is not null)
            throw new ServiceException(ServiceFailure.Unworkable, "systemd asks for no password: name the user of the service with -User.");
        EnvironmentText.Write(plan.Environment);
        return UnitFile.Write(plan, UnitPlaces.Environment(PlaceOf(plan.Name, plan.Scope)));
    }

    public string PlaceOf(string name, ServiceScope scope) => UnitPlaces.Unit(name, scope);

    public async Task RegisterAsync(ServicePlan plan, bool replace, bool start, Action<string> warn, CancellationToken cancellationToken)
    {
        var text = Describe(plan);
        var place = PlaceOf(plan.Name, plan.Scope);
        if (File.Exists(place) && WrittenUnit.Read(place) is null)
            throw new ServiceException(ServiceFailure.Exists, $"'{place}' was not written by Register-RegistryService, and is left alone.", "Give the service another name with -Name.");
        if (File.Exists(place) && !replace)
            throw new ServiceException(ServiceFailure.Exists, $"There is a service {plan.Name} already: '{place}'.", "-Force replaces it; -Name gives this one another name.");
        Write(() => WriteFiles(plan, place, text), place);

        await TellAsync(plan.Scope, place, warn, async (systemctl, isRunning) =>
        {
            if (isRunning)
                await systemctl.MustAsync("The unit is written; systemd could not read it.", cancellationToken, "daemon-reload");
            await systemctl.MustAsync(
                "The unit is written; only its start with the machine is not as it should be.", cancellationToken, plan.StartupType is ServiceStartupType.Automatic ? "enable" : "disable", Unit(plan.Name));
            if (isRunning && start)
                await systemctl.MustAsync($"The log tells why: journalctl {(plan.Scope is ServiceScope.User ? "--user " : "")}-u {plan.Name} -n 50", cancellationToken, replace ? "restart" : "start", Unit(plan.Name));
        }, cancellationToken);
    }

    public async Task UnregisterAsync(string name, ServiceScope scope, Action<string> warn, CancellationToken cancellationToken)
    {
        var place = PlaceOf(name, scope);
        if (WrittenUnit.Read(place) is null)
            throw NotFound(name);
        // Stopped and disabled while systemd still knows it; then the files.
        await TellAsync(scope, place, warn, (systemctl, isRunning) =>
            systemctl.MustAsync("The unit is still there.", cancellationToken, isRunning ? ["disable", "--now", Unit(name)] : ["disable", Unit(name)]), cancellationToken);
        Write(() =>
        {
            File.Delete(place);
            File.Delete(UnitPlaces.Environment(place));
        }, place);
        if (Systemctl.Find(scope) is { } systemctl && await systemctl.IsRunningAsync(cancellationToken))
            await systemctl.MustAsync("The unit is gone; systemd still knows it.", cancellationToken, "daemon-reload");
    }

    public async Task<IReadOnlyList<RegistryService>> ListAsync(ServiceScope scope, CancellationToken cancellationToken)
    {
        var units = UnitPlaces.Units(scope).Select(WrittenUnit.Read).OfType<WrittenUnit>().ToList();
        var services = new List<RegistryService>();
        if (units.Count == 0)
            return services;
        var systemctl = Systemctl.Find(scope);
        foreach (var unit in units)
        {
            var state = systemctl is null ? default : await UnitState.OfAsync(systemctl, Unit(unit.Name), cancellationToken);
            services.Add(new RegistryService
            {
                Name = unit.Name,
                Scope = scope,
                Status = state.Status,
                StartupType = state.IsEnabled ? ServiceStartupType.Automatic : ServiceStartupType.Manual,
                ConfigPath = unit.ConfigPath,
                User = scope is ServiceScope.User ? Environment.UserName : unit.User,
                ProgramPath = unit.ProgramPath,
                Environment = unit.Variables,
                UnitPath = unit.Path,
                Definition = unit.Text,
            });
        }
        return services;
    }

    private static string Unit(string name) => name + ".service";

    /// <summary>The variables first: a unit that names a file which is not there does not start.</summary>
    private static void WriteFiles(ServicePlan plan, string place, string text)
    {
        var variables = UnitPlaces.Environment(place);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        if (plan.Environment.Count > 0)
            OwnerOnlyFile.Replace(variables, EnvironmentText.Write(plan.Environment));
        PublicFile.Replace(place, text);
        if (plan.Environment.Count == 0)
            File.Delete(variables);
    }

    private static async Task TellAsync(ServiceScope scope, string place, Action<string> warn, Func<Systemctl, bool, Task> tell, CancellationToken cancellationToken)
    {
        if (Systemctl.Find(scope) is not { } systemctl)
        {
            warn($"There is no systemctl here: '{place}' is all that was changed.");
            return;
        }
        var isRunning = await systemctl.IsRunningAsync(cancellationToken);
        if (!isRunning)
            warn($"systemd does not run here: '{place}' counts from the next start of a machine or container that runs it, and nothing was started or stopped.");
        await tell(systemctl, isRunning);
    }

    private static void Write(Action change, string place)
    {
        try
        {
            change();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ServiceException(ServiceFailure.Denied, $"'{place}' cannot be written: {fault.Message.TrimEnd('.')}.", "Run PowerShell as root (sudo pwsh), or register a service of your own with -Scope User.", fault);
        }
    }

    private static ServiceException NotFound(string name) => ServiceException.NotRegistered(name, "Get-RegistryService lists those that there are, and -Scope User those of this user.");
}
