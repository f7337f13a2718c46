using PSRegistry.Client;

namespace PSRegistry.Output;

/// <summary>What a registry is, and what it offers to who asks. Null is what could not be found out.</summary>
public sealed class RegistryStatus
{
    internal RegistryStatus(RegistryAddress address, RegistryGreeting greeting, RegistryAbilities abilities)
    {
        Registry = address.Shortest();
        Uri = address.BaseUri;
        ApiVersion = greeting.ApiVersion;
        Authentication = greeting.Challenge?.Scheme ?? "None";
        Realm = greeting.Challenge?.Realm;
        Service = greeting.Challenge?.Service;
        Catalog = abilities.Catalog;
        CatalogPaging = abilities.CatalogPaging;
        TagPaging = abilities.TagPaging;
        Referrers = abilities.Referrers;
        Delete = abilities.Delete;
    }

    /// <summary>The registry: <c>host</c>, <c>host:port</c>, or a URL where nothing shorter names it.</summary>
    public string Registry { get; }

    /// <summary>The URL under which its API lies.</summary>
    public Uri Uri { get; }

    /// <summary>Whether it is spoken to over TLS.</summary>
    public bool Tls => Uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>The version that it names, such as registry/2.0; null when it names none, which OCI registries need not.</summary>
    public string? ApiVersion { get; }

    /// <summary>How it asks for a login: None, Basic, Bearer, or another scheme as it writes it.</summary>
    public string Authentication { get; }

    /// <summary>Basic: its name for the user. Bearer: the URL of the token service.</summary>
    public string? Realm { get; }

    /// <summary>Bearer: the registry's name at the token service.</summary>
    public string? Service { get; }

    /// <summary>Who asked; null for nobody in particular.</summary>
    public string? User { get; internal init; }

    /// <summary>Whether it lets this user in.</summary>
    public bool IsAuthorized => Refusal is null;

    /// <summary>Why it does not, in a sentence; null when it does.</summary>
    public string? Refusal { get; internal init; }

    /// <summary>Whether it lists its repositories.</summary>
    public bool? Catalog { get; }

    /// <summary>Whether it gives that list page by page.</summary>
    public bool? CatalogPaging { get; }

    /// <summary>Whether it gives lists of tags page by page; a repository with two tags is needed to tell.</summary>
    public bool? TagPaging { get; }

    /// <summary>Whether it lists referrers by itself; without, clients keep such lists under a tag.</summary>
    public bool? Referrers { get; }

    /// <summary>Whether manifests can be deleted; always null without -ProbeDelete.</summary>
    public bool? Delete { get; }

    /// <summary>How long an answer took on a connection that stood already.</summary>
    public TimeSpan Latency { get; internal init; }

    /// <summary>The registry.</summary>
    public override string ToString() => Registry;
}
