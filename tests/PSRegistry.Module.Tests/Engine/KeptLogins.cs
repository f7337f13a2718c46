using System.Runtime.CompilerServices;

namespace PSRegistry.ModuleTests;

/// <summary>Where these tests find logins of docker: nowhere, unless they say so. Those of whoever runs them are no business of theirs.</summary>
internal static class KeptLogins
{
    /// <summary>The variable that names the folder of docker's config.json.</summary>
    public const string Variable = "DOCKER_CONFIG";

    private static readonly string Nowhere = Path.Combine(Path.GetTempPath(), $"psregistry-no-logins-{Environment.ProcessId}");

    /// <summary>Looks into a folder for config.json; for tests that no others run beside.</summary>
    public static void LookInto(string folder) => Environment.SetEnvironmentVariable(Variable, folder);

    [ModuleInitializer]
    internal static void LookNowhere()
    {
        LookInto(Nowhere);
        Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", Nowhere);
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", Nowhere);
    }
}
