using PSRegistry.Server.Notifications;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>notifications</c>.</summary>
internal static class NotificationBinder
{
    private const int SmallestOutbox = 1 << 20;

    public static NotificationConfiguration Bind(ValueReader values)
    {
        var endpoints = new List<NotificationEndpoint>();
        for (var i = 0; i < values.Items("notifications.endpoints").Count; i++)
        {
            if (Endpoint(values, $"notifications.endpoints[{i}]", endpoints) is { } endpoint)
                endpoints.Add(endpoint);
        }
        return new()
        {
            IncludeReferences = values.Boolean("notifications.events.includereferences") ?? false,
            Endpoints = endpoints.AsReadOnly(),
            Outbox = Outbox(values),
        };
    }

    private static NotificationEndpoint? Endpoint(ValueReader values, string at, List<NotificationEndpoint> before)
    {
        var disabled = values.Boolean(at + ".disabled") ?? false;
        var url = Url(values, at + ".url", isRequired: !disabled);
        var actions = Actions(values, at + ".ignore.actions");
        if (url is null)
            return null;
        var endpoint = new NotificationEndpoint(Name(values, at, url, before), url);
        return endpoint with
        {
            Disabled = disabled,
            Headers = HeaderBinder.Bind(values, at + ".headers"),
            Timeout = MoreThanZero(values, at + ".timeout") ?? endpoint.Timeout,
            Threshold = values.Integer(at + ".threshold") is > 0 and var threshold ? threshold : endpoint.Threshold,
            Backoff = MoreThanZero(values, at + ".backoff") ?? endpoint.Backoff,
            IgnoredMediaTypes = Texts(values, at + ".ignoredmediatypes").Concat(Texts(values, at + ".ignore.mediatypes")).Select(text => text.Text).ToHashSet(StringComparer.Ordinal),
            IgnoredActions = actions,
        };
    }

    /// <summary>Of two endpoints of one name each needs a place of its own in the outbox; the original takes such a pair.</summary>
    private static string Name(ValueReader values, string at, Uri url, List<NotificationEndpoint> before)
    {
        var name = values.Text(at + ".name") is { Length: > 0 } text ? text : url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (before.TrueForAll(other => other.Name != name))
            return name;
        values.Faults.Warning(at + ".name", values.Origin(at + ".name"), $"another endpoint is called \"{name}\", too; this one counts as \"{name} ({before.Count + 1})\"", "Give each a name of its own");
        return $"{name} ({before.Count + 1})";
    }

    private static Uri? Url(ValueReader values, string path, bool isRequired)
    {
        if (values.Text(path) is not { Length: > 0 } text)
        {
            if (isRequired)
                values.Faults.Error(path, values.Origin(path), "it is required here and missing", "Write where events are to be posted to");
            return null;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0)
            return url;
        // The text itself stays out of the message: it may hold a password before an @.
        values.Refuse(path, "this is not an address to post to", "Write it as https://host:port/path");
        return null;
    }

    private static HashSet<string> Actions(ValueReader values, string path)
    {
        var actions = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in Texts(values, path))
        {
            // With a misspelt action the endpoint would be told what was to be kept from it.
            if (!EventActions.All.Contains(item.Text))
                values.Faults.Error(path, item.Origin, $"\"{item.Text}\" is no action", $"Write some of {string.Join(", ", EventActions.All)}");
            else
                actions.Add(item.Text);
        }
        return actions;
    }

    private static IEnumerable<ScalarNode> Texts(ValueReader values, string path) => values.Items(path).OfType<ScalarNode>();

    /// <summary>Zero means the default, as in the original.</summary>
    private static TimeSpan? MoreThanZero(ValueReader values, string path) => values.Duration(path, TimeSpan.Zero) is { Ticks: > 0 } duration ? duration : null;

    private static OutboxConfiguration Outbox(ValueReader values)
    {
        var defaults = new OutboxConfiguration();
        return new()
        {
            Enabled = values.Boolean("notifications.outbox.enabled"),
            Path = values.Text("notifications.outbox.path") is { Length: > 0 } path ? path : null,
            MaxSize = values.Integer("notifications.outbox.maxsize", SmallestOutbox) ?? defaults.MaxSize,
            Retention = values.Duration("notifications.outbox.retention", TimeSpan.Zero) ?? defaults.Retention,
        };
    }
}
