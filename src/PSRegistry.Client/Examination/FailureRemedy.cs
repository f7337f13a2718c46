namespace PSRegistry.Client;

/// <summary>What to change where a request did not come through.</summary>
internal static class FailureRemedy
{
    public const string BodyLimit = "Lift the proxy's limit on bodies, for it sees whole layers. nginx: client_max_body_size 0;";

    public static string Of(RegistryRequestException fault) => fault switch
    {
        { Status: 413 } => BodyLimit,
        { Status: 502 or 503 or 504 } => "The proxy does not reach the registry, or does not wait for it: look at its upstream address and at the health of the registry. nginx: proxy_pass, proxy_read_timeout 900s;",
        { Status: 414 or 431 or 494 } => "Let the proxy take longer lines and headers. nginx: large_client_header_buffers 4 32k;",
        { Failure: RegistryFailure.Unsupported, Errors.Count: 0 } => $"Something before the registry refuses {fault.Method}. Let GET, HEAD, POST, PUT, PATCH and DELETE through.",
        { Failure: RegistryFailure.Denied, Errors.Count: 0 } => $"Something before the registry refuses {fault.Method}: look at the rules of the proxy or its firewall.",
        { Failure: RegistryFailure.Unauthorized } => "Log in with a user who may: Connect-Registry REGISTRY -Credential USER.",
        { Failure: RegistryFailure.Denied } => "Log in with a user who may, or name a repository in which this one may: -Repository.",
        { Failure: RegistryFailure.CertificateUntrusted } => "Serve a certificate for this name with its whole chain (fullchain.pem), or have clients trust the authority: -CertificateAuthority.",
        { Failure: RegistryFailure.HostUnknown } => "Correct the name, or make a DNS record for it.",
        { Failure: RegistryFailure.Unreachable } => "Start what should listen there, and let the port through the firewall.",
        { Failure: RegistryFailure.TimedOut } => "Have the proxy wait longer and pass on what it gets. nginx: proxy_read_timeout 900s; proxy_request_buffering off;",
        { Failure: RegistryFailure.ConnectionLost } => "Look into the log of the proxy: it ended the connection.",
        { Failure: RegistryFailure.NotARegistry } => "Have the proxy pass everything below /v2/ to the registry, with the path as it is. nginx: location /v2/ { proxy_pass http://registry; }",
        { Failure: RegistryFailure.ProtocolFault, Status: >= 300 and < 400 } => "Name the registry by the address that the redirect leads to.",
        _ => "Look into the log of the registry.",
    };
}
