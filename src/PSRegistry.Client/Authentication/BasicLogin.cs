using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace PSRegistry.Client;

/// <summary>User name and password as a header (RFC 7617).</summary>
internal static class BasicLogin
{
    public static AuthenticationHeaderValue Of(NetworkCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}")));
}
