using System.Net.Http.Headers;

namespace PSRegistry.Client;

/// <summary>One challenge of a WWW-Authenticate header, as the server wrote it.</summary>
internal sealed record Challenge(string Scheme, string? Realm, string? Service, string? Scope)
{
    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the parameters of a challenge that the base library has split off.</summary>
    public static Challenge Read(AuthenticationHeaderValue header)
    {
        string? realm = null, service = null, scope = null;
        foreach (var (name, value) in HeaderParameters.Read(header.Parameter ?? "", ','))
        {
            switch (name.ToLowerInvariant())
            {
                case "realm": realm ??= value; break;
                case "service": service ??= value; break;
                case "scope": scope ??= value; break;
            }
        }
        return new Challenge(header.Scheme, realm, service, scope);
    }

    /// <summary>The challenge as users may see it.</summary>
    public AuthenticationChallenge ForDisplay() => new(ServerText.Clean(Scheme, 32), Clean(Realm), Clean(Service), Clean(Scope));

    /// <summary>The way to log in, for a message.</summary>
    public override string ToString() => ServerText.Clean(Scheme, 32) + (Realm is null ? "" : $", realm \"{ServerText.Clean(Realm, 128)}\"");

    private static string? Clean(string? text) => text is null ? null : ServerText.Clean(text);
}
