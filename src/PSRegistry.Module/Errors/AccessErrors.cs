using System.Management.Automation;

namespace PSRegistry.Errors;

/// <summary>The errors of questions about rights.</summary>
internal static class AccessErrors
{
    /// <summary>Neither a user is named nor somebody without a login, or both.</summary>
    public static ErrorRecord WhoseAccess() => RegistryErrors.Record(
        new ArgumentException("Whose rights? Name users with -User, or ask for somebody without a login with -Anonymous, not both."), "WhoseAccess", ErrorCategory.InvalidArgument, null, null);

    /// <summary>No repository is named where one is needed.</summary>
    public static ErrorRecord WhichRepository() => RegistryErrors.Record(
        new ArgumentException("In which repository? Name some with -Repository; only -Action Catalog needs none."), "WhichRepository", ErrorCategory.InvalidArgument, null, null);
}
