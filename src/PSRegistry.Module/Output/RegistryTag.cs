namespace PSRegistry.Output;

/// <summary>A tag of a repository. Binds by property name to every cmdlet that takes -Registry, -Repository and -Tag.</summary>
public class RegistryTag
{
    internal RegistryTag(string registry, string repository, string tag)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
    }

    /// <summary>The registry: <c>host</c>, <c>host:port</c>, or a URL where nothing shorter names it.</summary>
    public string Registry { get; }

    /// <summary>The repository's name, such as <c>bitnami/postgresql</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, such as <c>12.19.0</c>.</summary>
    public string Tag { get; }

    /// <summary>The name as docker takes it: <c>localhost:5000/bitnami/postgresql:12.19.0</c>.</summary>
    public override string ToString() => $"{ImageName.Authority(Registry)}/{Repository}:{Tag}";
}
