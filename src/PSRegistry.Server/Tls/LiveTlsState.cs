using System.Net.Security;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tls;

/// <summary>How a listener speaks TLS from some moment on.</summary>
/// <param name="Tls">Where the files are.</param>
/// <param name="Options">What was made of them when they last fitted together.</param>
/// <param name="Seen">How they looked the last time.</param>
internal sealed record LiveTlsState(TlsConfiguration Tls, SslServerAuthenticationOptions Options, string Seen);
