using System.Collections.ObjectModel;
using System.Text;

namespace PSRegistry.Server.Configuration;

/// <summary>The <c>notifications</c> section: who is told what happens to content, and how that is kept until they have heard.</summary>
public sealed record NotificationConfiguration
{
    /// <summary>Whether events of manifests list what the manifest refers to. Key <c>events.includereferences</c>. Default: false.</summary>
    public bool IncludeReferences { get; init; }

    /// <summary>Who is told. Key <c>endpoints</c>.</summary>
    public IReadOnlyList<NotificationEndpoint> Endpoints { get; init; } = [];

    /// <summary>How events are kept. Key <c>outbox</c>.</summary>
    public OutboxConfiguration Outbox { get; init; } = new();

    /// <summary>Whether events are written down: because somebody is to be told, or because the configuration says so.</summary>
    internal bool IsRecording => Outbox.Enabled is true || Endpoints.Any(endpoint => !endpoint.Disabled);
}

/// <summary>One item of <c>notifications.endpoints</c>.</summary>
/// <param name="Name">What it is called in logs, metrics and the outbox. Key <c>name</c>.</param>
/// <param name="Url">Where events are posted to. Key <c>url</c>.</param>
public sealed record NotificationEndpoint(string Name, Uri Url)
{
    /// <summary>Whether nothing is sent. Key <c>disabled</c>. Default: false.</summary>
    public bool Disabled { get; init; }

    /// <summary>Headers of every request; they may hold a login. Key <c>headers</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; init; } = ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>How long an answer may take. Key <c>timeout</c>. Default: 1 second.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how many failures in a row there is a pause before every further attempt. Key <c>threshold</c>. Default: 10.</summary>
    public int Threshold { get; init; } = 10;

    /// <summary>The pause. Key <c>backoff</c>. Default: 1 second.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Types of content of which nothing is told. Keys <c>ignoredmediatypes</c> and <c>ignore.mediatypes</c>.</summary>
    public IReadOnlySet<string> IgnoredMediaTypes { get; init; } = ReadOnlySet<string>.Empty;

    /// <summary>Actions of which nothing is told: pull, push, mount, delete. Key <c>ignore.actions</c>.</summary>
    public IReadOnlySet<string> IgnoredActions { get; init; } = ReadOnlySet<string>.Empty;

    // Neither the headers nor a password in the address.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name).Append(", Url = ").Append(Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
        return true;
    }
}

/// <summary>The <c>notifications.outbox</c> section.</summary>
public sealed record OutboxConfiguration
{
    /// <summary>
    /// Whether events are kept on disk until they are delivered, and for <see cref="Retention"/> after that. Key <c>enabled</c>. Default:
    /// null, which means while there is an endpoint; false keeps them in memory, as the original does.
    /// </summary>
    public bool? Enabled { get; init; }

    /// <summary>The folder, as written. Key <c>path</c>. Default: null, which means <c>psregistry/events</c> in the data folder.</summary>
    public string? Path { get; init; }

    /// <summary>How many bytes of events are kept; the oldest go first, delivered or not. Key <c>maxsize</c>. Default: 256 MiB.</summary>
    public int MaxSize { get; init; } = 256 << 20;

    /// <summary>How long events are kept after they were delivered. Key <c>retention</c>. Default: 168 hours.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(168);
}
