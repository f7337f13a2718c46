using System.Management.Automation;

namespace PSRegistry.Errors;

/// <summary>The errors of saving images.</summary>
internal static class SaveErrors
{
    /// <summary>Something is there that would be written over.</summary>
    public static ErrorRecord Exists(string path) => RegistryErrors.Record(
        new IOException($"'{path}' is there already."), "ArchiveExists", ErrorCategory.ResourceExists, path, "-Force writes over it; -Path names another place.");

    /// <summary>Two images of one command would get the same file.</summary>
    public static ErrorRecord SameName(string path, string image) => RegistryErrors.Record(
        new IOException($"'{path}' was saved by this command a moment ago, and {image} would take the same name."), "ArchiveNameTaken", ErrorCategory.ResourceExists, image,
        "Save one of them by itself: -Path names the file.");

    /// <summary>The archive cannot be written.</summary>
    public static ErrorRecord Unwritable(Exception fault, string path) => RegistryErrors.Record(
        new IOException($"'{path}' cannot be written: {fault.Message.TrimEnd('.')}. Nothing is left of it.", fault), "ArchiveNotWritten", ErrorCategory.WriteError, path, null);

    /// <summary>Parameters that do not go together.</summary>
    public static ErrorRecord Contradiction(string message) =>
        RegistryErrors.Record(new ArgumentException(message), "ParametersContradict", ErrorCategory.InvalidArgument, null, null);
}
