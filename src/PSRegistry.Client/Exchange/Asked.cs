using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>What is asked of the registry: the words for messages, and the rights it takes.</summary>
/// <param name="Thing">Its name in a sentence, such as "the tags of library/nginx".</param>
/// <param name="Repository">The repository it belongs to; null for the registry itself.</param>
internal sealed record Asked(string Thing, RepositoryName? Repository)
{
    private const string Pull = "pull", Push = "pull,push", Remove = "delete";

    /// <summary>What is to be done with the thing, as a verb in a sentence.</summary>
    public string Verb { get; private init; } = "read";

    /// <summary>The actions on the repository that it takes, as a scope names them.</summary>
    public string Actions { get; private init; } = Pull;

    /// <summary>Under which a registry's wish for other actions is remembered: some want some of their own to list tags.</summary>
    public string Kind { get; private init; } = "content";

    /// <summary>A repository that is read besides; null for none.</summary>
    public RepositoryName? From { get; private init; }

    /// <summary>The end point that tells whether there is a registry.</summary>
    public static Asked Base { get; } = new("the registry API", null);

    /// <summary>The list of repositories.</summary>
    public static Asked Catalog { get; } = new("the catalog", null);

    /// <summary>The tags of a repository.</summary>
    public static Asked Tags(RepositoryName repository) => new($"the tags of {repository}", repository) { Kind = "tags" };

    /// <summary>To read something of a repository.</summary>
    public static Asked Read(RepositoryName repository, string thing) => new(thing, repository);

    /// <summary>To send something to a repository.</summary>
    public static Asked Write(RepositoryName repository, string thing) => new(thing, repository) { Verb = "push", Actions = Push };

    /// <summary>To take a blob over from another repository.</summary>
    public static Asked Mount(RepositoryName repository, string thing, RepositoryName? from) =>
        new(thing, repository) { Verb = "mount", Actions = Push, From = from };

    /// <summary>To delete something of a repository.</summary>
    public static Asked Delete(RepositoryName repository, string thing) => new(thing, repository) { Verb = "delete", Actions = Remove };

    /// <summary>The scope of a token for it, where a registry takes these actions on the repository; empty for none.</summary>
    public string Scope(string actions)
    {
        if (Repository is null)
            return ReferenceEquals(this, Catalog) ? "registry:catalog:*" : "";
        var scope = $"repository:{Repository}:{actions}";
        return From is null ? scope : $"{scope} repository:{From}:{Pull}";
    }
}
