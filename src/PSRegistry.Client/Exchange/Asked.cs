using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>What is asked of the registry: the words for messages, and the repository whose rights it takes.</summary>
/// <param name="Thing">Its name in a sentence, such as "the tags of library/nginx".</param>
/// <param name="DefaultScope">The scope of a token for it, where the registry's challenge was not seen yet; empty for none.</param>
/// <param name="Repository">The repository it belongs to; null for the registry itself.</param>
internal sealed record Asked(string Thing, string DefaultScope, RepositoryName? Repository)
{
    /// <summary>The end point that tells whether there is a registry.</summary>
    public static Asked Base { get; } = new("the registry API", "", null);

    /// <summary>The list of repositories.</summary>
    public static Asked Catalog { get; } = new("the catalog", "registry:catalog:*", null);

    /// <summary>The tags of a repository.</summary>
    public static Asked Tags(RepositoryName repository) => new($"the tags of {repository}", $"repository:{repository}:pull", repository);
}
