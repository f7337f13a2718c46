using System.Management.Automation;

namespace PSRegistry.Errors;

/// <summary>The errors of htpasswd files.</summary>
internal static class UserErrors
{
    /// <summary>The file cannot be read or written.</summary>
    public static ErrorRecord Unusable(Exception fault, string path) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException => RegistryErrors.Record(
            new FileNotFoundException($"There is no htpasswd file '{path}'.", path, fault), "UserFileNotFound", ErrorCategory.ObjectNotFound, path,
            "Set-RegistryUser makes it with its first user."),
        _ => RegistryErrors.Record(
            new IOException($"'{path}' cannot be used: {fault.Message.TrimEnd('.')}.", fault), "UserFileUnusable", ErrorCategory.PermissionDenied, path, null),
    };

    /// <summary>The name or the password cannot be taken.</summary>
    public static ErrorRecord Refused(string reason, string user) =>
        RegistryErrors.Record(new ArgumentException(reason), "InvalidRegistryUser", ErrorCategory.InvalidArgument, user, null);

    /// <summary>Nobody of that name is in the file.</summary>
    public static ErrorRecord NotFound(string user, string path) => RegistryErrors.Record(
        new ItemNotFoundException($"'{path}' has no user '{user}'."), "RegistryUserNotFound", ErrorCategory.ObjectNotFound, user,
        "Get-RegistryUser lists the users of a file. Their letter case counts.");
}
