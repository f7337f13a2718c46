using System.Management.Automation;
using PSRegistry.Services;

namespace PSRegistry.Errors;

/// <summary>The errors of services.</summary>
internal static class ServiceErrors
{
    /// <summary>The error of a service that cannot be registered, removed or looked at.</summary>
    public static ErrorRecord Of(ServiceException fault, string name)
    {
        var (id, category) = fault.Failure switch
        {
            ServiceFailure.InvalidValue => ("InvalidServiceValue", ErrorCategory.InvalidArgument),
            ServiceFailure.Unworkable => ("ServiceUnworkable", ErrorCategory.InvalidArgument),
            ServiceFailure.Exists => ("ServiceExists", ErrorCategory.ResourceExists),
            ServiceFailure.NotFound => ("ServiceNotFound", ErrorCategory.ObjectNotFound),
            ServiceFailure.NoProgram => ("ServiceProgramMissing", ErrorCategory.NotInstalled),
            ServiceFailure.Denied => ("ServiceDenied", ErrorCategory.PermissionDenied),
            ServiceFailure.Refused => ("ServiceManagerRefused", ErrorCategory.InvalidResult),
            _ => ("ServicesUnsupported", ErrorCategory.NotImplemented),
        };
        return RegistryErrors.Record(fault, id, category, name, fault.Advice);
    }
}
