namespace PSRegistry.Output;

/// <summary>A repository of a registry. Binds by property name to every cmdlet that takes -Registry and -Repository.</summary>
public class RegistryRepository
{
    internal RegistryRepository(string registry, string repository)
    {
        Registry = registry;
        Repository = repository;
    }

    /// <summary>The registry: <c>host</c>, <c>host:port</c>, or a URL where nothing shorter names it.</summary>
    public string Registry { get; }

    /// <summary>The repository's name, such as <c>bitnami/postgresql</c>.</summary>
    public string Repository { get; }

    /// <summary>The name as docker takes it: <c>localhost:5000/bitnami/postgresql</c>.</summary>
    public override string ToString() => $"{ImageName.Authority(Registry)}/{Repository}";
}
