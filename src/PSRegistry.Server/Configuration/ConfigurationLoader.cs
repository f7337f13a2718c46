namespace PSRegistry.Server.Configuration;

/// <summary>
/// Reads a configuration: file, then <c>REGISTRY_*</c> over it, then the checks, then the records. Nothing it finds wrong stops
/// it before it has looked at everything, but syntax.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>The only version of the configuration format that there is.</summary>
    internal const string CurrentVersion = "0.1";

    private const string Skeleton = "Begin the file with version: 0.1 and a storage section";

    /// <summary>Reads the source. Expected trouble (a missing file, a bad value) comes back as faults, never as an exception.</summary>
    /// <param name="source">The file and the environment.</param>
    public static ConfigurationResult Load(ConfigurationSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var faults = new FaultList();
        var root = ReadTree(source, faults);
        var configuration = root is null ? null : Bind(root, source, faults);
        return faults.HasErrors
            ? new(null, faults.InOrder())
            : new(configuration, faults.InOrder()) { Source = source, Root = root };
    }

    /// <summary>The file with the variables laid over it, held against the key table.</summary>
    private static MappingNode? ReadTree(ConfigurationSource source, FaultList faults)
    {
        var file = FileOrigin(source);
        var root = source switch
        {
            { Path: null, Text: null, Tree: { } tree } => tree,
            { Path: null, Text: null } => MappingNode.Empty(new Origin("environment")),
            _ => ReadFile(source, file, faults),
        };
        if (root is null) return null;
        if (HasKeys(source)) CheckVersion(root, file, faults);

        root = new EnvironmentOverlay(faults, source.Strict).Apply(OneOfForm.ExpandAll(root), source.Environment);
        root = ParameterOverlay.Apply(root, source.Parameters);
        root = RelativePaths.Anchor(root, source.WorkingDirectory);
        new SchemaCheck(faults, source.Strict).Check(root);
        return root;
    }

    /// <summary>Whether there is more than variables and parameters.</summary>
    private static bool HasKeys(ConfigurationSource source) => source.Path is not null || source.Text is not null || source.Tree is not null;

    private static Origin FileOrigin(ConfigurationSource source) => source.Path is null ? QuickStart.Origin : new Origin(source.Path);

    private static RegistryConfiguration Bind(MappingNode root, ConfigurationSource source, FaultList faults)
    {
        var values = new ValueReader(root, faults);
        if (HasKeys(source)) CheckDriver(values, FileOrigin(source));
        var auth = AuthBinder.Bind(values);
        return new()
        {
            Path = source.Path is null ? null : Path.GetFullPath(source.Path),
            Log = LogBinder.Bind(values),
            Storage = StorageBinder.Bind(values, root),
            Http = HttpBinder.Bind(values),
            Auth = auth,
            Access = AccessBinder.Bind(values, root, auth),
            Health = HealthBinder.Bind(values),
            Notifications = NotificationBinder.Bind(values),
            Catalog = ListLimitBinder.Catalog(values),
            Tags = ListLimitBinder.Tags(values),
            Validation = ValidationBinder.Bind(values),
            Otel = OtelBinder.Bind(source.Environment, faults),
        };
    }

    private static MappingNode? ReadFile(ConfigurationSource source, Origin file, FaultList faults)
    {
        if ((source.Text ?? ReadText(source.Path!, file, faults)) is not { } text) return null;
        var before = faults.Count;
        switch (new YamlReader(file.Source, faults).Read(text))
        {
            case MappingNode map:
                return map;
            case null or ScalarNode { IsNull: true }:
                if (faults.Count == before) faults.Error("", file, "the file is empty", Skeleton);
                return null;
            case var other:
                faults.Error("", other.Origin, $"the file is {other.Description}, not a map of keys", Skeleton);
                return null;
        }
    }

    private static string? ReadText(string path, Origin file, FaultList faults)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Error("", file, "there is no such file", "Correct the path");
        }
        catch (UnauthorizedAccessException)
        {
            faults.Error("", file, Directory.Exists(path) ? "this is a folder" : "the file may not be read",
                "Name a file that the registry's user may read");
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or NotSupportedException)
        {
            faults.Error("", file, "the file cannot be read: " + fault.Message.TrimEnd('.'), "Name a readable file");
        }
        return null;
    }

    private static void CheckDriver(ValueReader values, Origin file)
    {
        var storage = values.Node("storage");
        if (storage is null || (storage is MappingNode && !StorageBinder.HasDriver(values)))
            values.Faults.Error("storage", storage?.Origin ?? file, "no storage driver is chosen", "Add storage.filesystem.rootdirectory");
    }

    private static void CheckVersion(MappingNode root, Origin file, FaultList faults)
    {
        switch (root.Find("version"))
        {
            case ScalarNode { Text: CurrentVersion }:
                break;
            case null or ScalarNode { IsNull: true }:
                faults.Error("version", file, "the version is missing", "Add version: 0.1");
                break;
            case ScalarNode other:
                faults.Error("version", other.Origin, $"version {other.Text} is not known", "Write version: 0.1");
                break;
        }
    }
}
