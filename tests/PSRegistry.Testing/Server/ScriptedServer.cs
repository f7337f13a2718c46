using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace PSRegistry.Testing;

/// <summary>A web server on a port of its own that answers as a test tells it: for what a well-behaved registry never does.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<ScriptedRequest> _requests;

    private ScriptedServer(WebApplication application, ConcurrentQueue<ScriptedRequest> requests)
    {
        _application = application;
        _requests = requests;
        Address = new Uri(application.Urls.Single());
    }

    /// <summary>Where it listens; ends with a slash.</summary>
    public Uri Address { get; }

    /// <summary>What it was asked so far, in order.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => [.. _requests];

    /// <summary>Starts a server; with a certificate it speaks https.</summary>
    public static async Task<ScriptedServer> StartAsync(RequestDelegate script, X509Certificate2? certificate = null)
    {
        var requests = new ConcurrentQueue<ScriptedRequest>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener =>
        {
            if (certificate is not null)
                listener.UseHttps(certificate);
        }));
        var application = builder.Build();
        application.Run(context =>
        {
            var request = context.Request;
            requests.Enqueue(new ScriptedRequest(request.GetEncodedPathAndQuery(), request.Headers.Authorization));
            return script(context);
        });
        await application.StartAsync();
        return new ScriptedServer(application, requests);
    }

    /// <summary>Answers with JSON, and with a Link where there is one.</summary>
    public static Task AnswerAsync(HttpContext context, string json, string? link = null)
    {
        context.Response.ContentType = "application/json";
        if (link is not null)
            context.Response.Headers.Link = $"<{link}>; rel=\"next\"";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Answers with a status and an error envelope of one error.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string code, string message = "no")
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, $$"""{"errors":[{"code":"{{code}}","message":"{{JsonEncodedText.Encode(message)}}"}]}""");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Not drained: some scripts answer never.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}

/// <summary>A request that came.</summary>
/// <param name="Target">Path and query as sent.</param>
/// <param name="Authorization">The header; null when it was not sent.</param>
public sealed record ScriptedRequest(string Target, string? Authorization);
