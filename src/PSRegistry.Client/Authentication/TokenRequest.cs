using System.Net;
using System.Text;

namespace PSRegistry.Client;

/// <summary>What a token is asked for, and from whom; the key under which it is kept.</summary>
/// <param name="Realm">The token service.</param>
/// <param name="Service">The registry's name at the token service.</param>
/// <param name="Scope">The rights, separated by spaces; empty for none but to be let in.</param>
internal sealed record TokenRequest(Uri Realm, string? Service, string Scope)
{
    /// <summary>The challenge that asks for such a token.</summary>
    public Challenge ToChallenge() => new("Bearer", Realm.AbsoluteUri, Service, Scope.Length == 0 ? null : Scope);

    /// <summary>
    /// The POST of OAuth 2 (Docker registry token specification, "Getting a Bearer token"): with a refresh token, or with a password, for which
    /// it gives one.
    /// </summary>
    public Call ToPost(NetworkCredential? credential, string? refreshToken)
    {
        var form = new Dictionary<string, string> { ["client_id"] = "psregistry", ["service"] = Service ?? Realm.Host, ["scope"] = Scope };
        if (refreshToken is not null)
        {
            form["grant_type"] = "refresh_token";
            form["refresh_token"] = refreshToken;
        }
        else
        {
            form["grant_type"] = "password";
            form["access_type"] = "offline";
            form["username"] = credential!.UserName;
            form["password"] = credential.Password;
        }
        return new Call(HttpMethod.Post, Realm) { Body = () => new FormUrlEncodedContent(form) };
    }

    /// <summary>The URL of the GET (Docker registry token specification, "Requesting a token").</summary>
    public Uri ToUri(string? account)
    {
        var query = new StringBuilder(Realm.Query);
        void Add(string name, string value) =>
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        if (Service is not null)
            Add("service", Service);
        foreach (var scope in Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Add("scope", scope);
        if (account is not null)
            Add("account", account);
        return new Uri(Realm.GetLeftPart(UriPartial.Path) + query);
    }
}
