namespace PSRegistry.Server.Tls;

/// <summary>What is wrong with a file of <c>http.tls</c>.</summary>
internal sealed record TlsFault(FaultSeverity Severity, string KeyPath, string Message, string Remedy);
