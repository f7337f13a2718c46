using PSRegistry.Output;

namespace PSRegistry.Services;

/// <summary>The services of a machine: systemd's units, or those of Windows. Every member may throw a <see cref="ServiceException"/>.</summary>
internal interface IMachineServices
{
    /// <summary>Checks a plan, and tells what would be written, without the values of variables.</summary>
    string Describe(ServicePlan plan);

    /// <summary>Where the service is, or would be, written down.</summary>
    string PlaceOf(string name, ServiceScope scope);

    /// <summary>Writes the service down and has the service manager take it over.</summary>
    /// <param name="plan">A plan that <see cref="Describe"/> had nothing against.</param>
    /// <param name="replace">Whether one of the same name that was registered from here is replaced.</param>
    /// <param name="start">Whether it is started, or started anew.</param>
    /// <param name="warn">Is told what could not be done here and now.</param>
    /// <param name="cancellationToken">Stops waiting for the service manager; what was written stays.</param>
    Task RegisterAsync(ServicePlan plan, bool replace, bool start, Action<string> warn, CancellationToken cancellationToken);

    /// <summary>Stops a service and takes it away. Its data stays.</summary>
    Task UnregisterAsync(string name, ServiceScope scope, Action<string> warn, CancellationToken cancellationToken);

    /// <summary>The services that were registered from here, by name.</summary>
    Task<IReadOnlyList<RegistryService>> ListAsync(ServiceScope scope, CancellationToken cancellationToken);
}
