using System.Text;
using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Http;

/// <summary>The small form in the body of a request for a token.</summary>
internal static class TokenForm
{
    /// <summary>Bytes. A password, a refresh token and scopes fit in ten times over.</summary>
    public const int Limit = 64 * 1024;

    /// <summary>The form as it was sent; null for one that is too large.</summary>
    public static async ValueTask<string?> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > Limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }
            if (read.IsCompleted)
            {
                var text = Encoding.UTF8.GetString(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return text;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
