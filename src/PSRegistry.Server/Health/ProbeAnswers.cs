using Microsoft.AspNetCore.Http;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Health;

/// <summary>
/// What orchestrators ask: <c>/livez</c>, whether the process answers at all, and <c>/readyz</c>, whether to send requests to it. Failing checks
/// are not a reason to restart: a registry does not get well by it when its disk is gone.
/// </summary>
internal static class ProbeAnswers
{
    public static ValueTask AnswerLiveAsync(HttpContext context) => AnswerAsync(context, "ok\n");

    /// <param name="context">The request.</param>
    /// <param name="readiness">What to tell.</param>
    /// <param name="inDetail">Whether checks are named: paths and addresses of this network are in them, which is for operators only.</param>
    public static ValueTask AnswerReadyAsync(HttpContext context, Readiness readiness, bool inDetail)
    {
        if (!readiness.IsReady)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return AnswerAsync(context, Text(readiness, inDetail));
    }

    private static string Text(Readiness readiness, bool inDetail)
    {
        var failing = readiness.Failing;
        string[] lines =
        [
            .. readiness.IsDraining ? ["draining: the registry stops"] : Array.Empty<string>(),
            .. inDetail ? failing.Select(check => $"{check.Key}: {check.Value}") : failing.IsEmpty ? [] : ["unhealthy: a check fails; its operator finds it in /debug/health"],
        ];
        return lines.Length == 0 ? "ok\n" : string.Join('\n', lines) + "\n";
    }

    private static ValueTask AnswerAsync(HttpContext context, string text)
    {
        // A proxy that kept the answer would tell of a registry that is long gone.
        context.Response.Headers.CacheControl = "no-store";
        return JsonText.AnswerAsync(context, "text/plain", System.Text.Encoding.UTF8.GetBytes(text));
    }
}
