using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>Loads configurations for tests.</summary>
internal static class Given
{
    public const string Minimum = "version: 0.1\nstorage: inmemory\n";

    /// <summary>This text as config.yml, with these variables.</summary>
    public static ConfigurationResult File(string text, params (string Name, string Value)[] variables) =>
        ConfigurationLoader.Load(new() { Path = "config.yml", Text = text, Environment = Environment(variables) });

    /// <summary>These variables and no file.</summary>
    public static ConfigurationResult Variables(params (string Name, string Value)[] variables) =>
        ConfigurationLoader.Load(new() { Environment = Environment(variables) });

    public static ConfigurationResult Strict(string text, params (string Name, string Value)[] variables) =>
        ConfigurationLoader.Load(new() { Path = "config.yml", Text = text, Environment = Environment(variables), Strict = true });

    /// <summary>A file that is complete but for this key, which has this YAML as value.</summary>
    public static string FileWith(string path, string value)
    {
        var parts = path.Split('.');
        var nested = parts[1..].Reverse().Aggregate(value, (inner, part) => $"{{{part}: {inner}}}");
        if (parts[0] != "storage") return $"{Minimum}{parts[0]}: {nested}\n";
        return parts[1] is "delete" or "tag" or "redirect" or "cache" or "maintenance"
            ? $"version: 0.1\nstorage: {{inmemory: , {nested[1..]}\n"
            : $"version: 0.1\nstorage: {nested}\n";
    }

    public static Dictionary<string, string> Environment(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value);

    /// <summary>The configuration, after making sure that nothing at all was wrong.</summary>
    public static RegistryConfiguration Clean(this ConfigurationResult result)
    {
        Assert.Empty(result.Faults);
        return result.Configuration!;
    }

    /// <summary>The only fault.</summary>
    public static ConfigurationFault OnlyFault(this ConfigurationResult result) => Assert.Single(result.Faults);

    /// <summary>The only fault, which is an error, so that there is no configuration.</summary>
    public static ConfigurationFault OnlyError(this ConfigurationResult result)
    {
        Assert.Null(result.Configuration);
        var fault = result.OnlyFault();
        Assert.Equal(FaultSeverity.Error, fault.Severity);
        Assert.NotEmpty(fault.Remedy);
        return fault;
    }

    /// <summary>The only fault, which is a warning beside a configuration.</summary>
    public static ConfigurationFault OnlyWarning(this ConfigurationResult result)
    {
        Assert.NotNull(result.Configuration);
        var fault = result.OnlyFault();
        Assert.Equal(FaultSeverity.Warning, fault.Severity);
        Assert.NotEmpty(fault.Remedy);
        return fault;
    }
}
