using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using PSRegistry.Output;

namespace PSRegistry.Servers;

/// <summary>Asks a server of this process whether it answers.</summary>
internal static class ServerProbe
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [SuppressMessage("Security", "CA5359", Justification = "It is this very process that answers, and nothing secret is sent.")]
    private static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });

    /// <summary>Ends when the server answers anything but "unavailable", which it says while a health check fails.</summary>
    /// <exception cref="ServerEndedException">It has stopped and will not answer.</exception>
    public static async Task UntilAnswerAsync(RegistryServer server, CancellationToken cancellationToken)
    {
        using var http = NewClient();
        while (!await AnswersAsync(http, server, cancellationToken))
        {
            if (server.State == RegistryServerState.Stopped)
                throw new ServerEndedException(server);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, RegistryServer server, CancellationToken cancellationToken)
    {
        // Who listens on a Unix socket listens since its start.
        if (server.State == RegistryServerState.Running && server.Addresses.All(address => address.Host == "unix"))
            return true;
        try
        {
            using var answer = await http.GetAsync(new Uri(server.Uri, "v2/"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.StatusCode != HttpStatusCode.ServiceUnavailable;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>A server has stopped that was expected to answer.</summary>
public sealed class ServerEndedException : Exception
{
    internal ServerEndedException(RegistryServer server)
        : base($"{server} has stopped.")
    {
    }
}
