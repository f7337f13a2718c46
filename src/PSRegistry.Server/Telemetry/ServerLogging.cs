using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// The logging that the web server gets: without its host's own lines, which tell a failed start once more and with a stack
/// trace, when the caller already tells it in words.
/// </summary>
internal sealed class ServerLogging(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal) ? NullLogger.Instance : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Nothing to do: the caller's logging outlives the server.</summary>
    public void Dispose()
    {
    }
}
