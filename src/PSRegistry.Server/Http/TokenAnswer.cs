using System.Globalization;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Http;

/// <summary>Answers with a token, under the names that both protocols use.</summary>
internal static class TokenAnswer
{
    /// <param name="context">The request.</param>
    /// <param name="issuer">Who gives it out.</param>
    /// <param name="entry">To whom; null for a stranger.</param>
    /// <param name="asked">What for.</param>
    /// <param name="withRefresh">Whether a refresh token is wanted too; strangers get none.</param>
    public static async ValueTask<Refusal> WriteAsync(HttpContext context, TokenIssuer issuer, HtpasswdEntry? entry, IReadOnlyList<ResourceScope> asked, bool withRefresh)
    {
        var user = entry?.Caller ?? Caller.Anonymous;
        var (token, granted) = issuer.IssueAccess(user.Name, asked);
        if (token.Length > TokenVerifier.LengthLimit)
            return ErrorCode.TokenRequestInvalid.With("a token for so many scopes does not fit into a header; ask for fewer at once.");
        context.Features.Set(user);
        var body = JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("token"u8, token);
            json.WriteString("access_token"u8, token);
            json.WriteString("token_type"u8, "Bearer"u8);
            json.WriteNumber("expires_in"u8, (long)issuer.Configuration.Expiration.TotalSeconds);
            json.WriteString("issued_at"u8, issuer.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("scope"u8, string.Join(' ', granted));
            if (withRefresh && entry is not null)
                json.WriteString("refresh_token"u8, issuer.IssueRefresh(entry));
            json.WriteEndObject();
        });
        context.Response.Headers.CacheControl = "no-store";
        await JsonText.AnswerAsync(context, MediaTypes.Json, body.WrittenMemory);
        return Refusal.None;
    }
}
