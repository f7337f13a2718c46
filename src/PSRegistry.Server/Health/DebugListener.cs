using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Health;

/// <summary>Answers <c>/debug/health</c> on an address of its own (<c>http.debug.addr</c>), for those who run the registry.</summary>
internal static class DebugListener
{
    /// <exception cref="RegistryStartException">The address cannot be listened on.</exception>
    public static async Task<WebApplication> StartAsync(
        ListenAddress address, Func<HealthMonitor?> health, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var application = WebServer.Build(logging, kestrel =>
        {
            kestrel.AddServerHeader = false;
            ListenerSetup.Listen(kestrel, address, "http.debug.addr", listen => listen.Protocols = HttpProtocols.Http1);
        });
        application.Run(context => AnswerAsync(context, health()));
        await WebServer.StartAsync(application, $"{address}", "http.debug.addr (or REGISTRY_HTTP_DEBUG_ADDR)", cancellationToken);
        return application;
    }

    private static async Task AnswerAsync(HttpContext context, HealthMonitor? health)
    {
        if (context.Request.Path != "/debug/health" || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await JsonText.AnswerAsync(context, "text/plain", "there is nothing here but GET /debug/health\n"u8.ToArray());
            return;
        }
        var failing = health?.Failing;
        context.Response.StatusCode = failing is null or { IsEmpty: true } ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await JsonText.AnswerAsync(context, MediaTypes.Json, JsonText.Write(json =>
        {
            json.WriteStartObject();
            foreach (var (name, fault) in failing?.AsEnumerable() ?? [])
                json.WriteString(name, fault);
            json.WriteEndObject();
        }).WrittenMemory);
    }
}
