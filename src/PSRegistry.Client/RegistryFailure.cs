namespace PSRegistry.Client;

/// <summary>Why a request to a registry failed. One kind is one thing that its user can do about it.</summary>
public enum RegistryFailure
{
    /// <summary>No connection comes about: refused, no route, no answer to the attempt, or no TLS that both sides speak.</summary>
    Unreachable,

    /// <summary>No address is known for the host name.</summary>
    HostUnknown,

    /// <summary>The server's certificate is not one that this machine trusts for that name at this time.</summary>
    CertificateUntrusted,

    /// <summary>We spoke https, the server speaks plain http.</summary>
    PlainHttpServer,

    /// <summary>We spoke plain http, the server speaks https.</summary>
    HttpsServer,

    /// <summary>The connection stands, but the answer did not come in time.</summary>
    TimedOut,

    /// <summary>401: a login is missing, refused, or not enough.</summary>
    Unauthorized,

    /// <summary>403: logged in, but not allowed.</summary>
    Denied,

    /// <summary>404: a registry answers, and does not have it.</summary>
    NotFound,

    /// <summary>405 or <c>UNSUPPORTED</c>: the registry does not offer that operation.</summary>
    Unsupported,

    /// <summary>429, and waiting did not help.</summary>
    TooManyRequests,

    /// <summary>5xx, and trying again did not help.</summary>
    ServerFault,

    /// <summary>Something answers, but no registry of version 2: a web page, no JSON, redirects without end.</summary>
    NotARegistry,

    /// <summary>A registry answers against the rules: malformed JSON, a link to elsewhere, more than the limits allow.</summary>
    ProtocolFault,

    /// <summary>What came is not what its digest says: damaged on the way or in the registry, or forged.</summary>
    DigestMismatch,

    /// <summary>The connection broke in the middle, and trying again did not help.</summary>
    ConnectionLost,
}
