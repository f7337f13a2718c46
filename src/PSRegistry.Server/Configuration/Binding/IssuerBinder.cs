namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>auth.htpasswd.issuer</c>.</summary>
internal static class IssuerBinder
{
    private const string Section = "auth.htpasswd.issuer";

    /// <summary>docker's builder counts on a minute.</summary>
    private static readonly TimeSpan ShortestToken = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestToken = TimeSpan.FromHours(24), Hour = TimeSpan.FromHours(1), TenYears = TimeSpan.FromDays(3650);

    public static IssuerConfiguration Bind(ValueReader values)
    {
        var defaults = new IssuerConfiguration();
        return new()
        {
            Name = Text(values, "name") ?? defaults.Name,
            Service = Text(values, "service") ?? defaults.Service,
            Expiration = Within(values, "expiration", ShortestToken, LongestToken, "from 60s to 24h") ?? defaults.Expiration,
            RefreshExpiration = Within(values, "refreshexpiration", Hour, TenYears, "from 1h to 87600h") ?? defaults.RefreshExpiration,
            Rotation = Within(values, "rotation", Hour, TenYears, "from 1h to 87600h") ?? defaults.Rotation,
            Keys = values.Text(Section + ".keys") is { Length: > 0 } folder ? folder : null,
        };
    }

    /// <summary>A text that goes into a challenge; unset or empty is the default.</summary>
    private static string? Text(ValueReader values, string name)
    {
        var path = $"{Section}.{name}";
        if (values.Text(path) is not { Length: > 0 } text) return null;
        if (text.All(c => c is >= ' ' and <= '~')) return text;
        values.Refuse(path, "it is sent in a header, which takes printable ASCII alone", "Write letters, digits and spaces");
        return null;
    }

    private static TimeSpan? Within(ValueReader values, string name, TimeSpan least, TimeSpan most, string range)
    {
        var path = $"{Section}.{name}";
        if (!Scalars.TryDuration(values.Node(path), out var duration)) return null;
        if (duration >= least && duration <= most) return duration;
        values.Refuse(path, $"{values.Text(path)} is out of range", $"Write a duration {range}");
        return null;
    }
}
