namespace PSRegistry.Certificates;

/// <summary>What has to be done for a new certificate: on the server one section of its configuration, on each client one copy.</summary>
internal static class TrustText
{
    /// <summary>The section of a config.yml.</summary>
    public static string Configuration(string port, string certificate, string key) =>
        $"""
        http:
          addr: :{port}
          tls:
            certificate: {Quoted(certificate)}
            key: {Quoted(key)}
        """;

    /// <summary>How clients come to trust the authority.</summary>
    public static string ForClients(string registry, string authority) =>
        $"""
        Copy {authority} to each client (never the key beside it), and there, as root:

        docker                  mkdir -p /etc/docker/certs.d/{registry}
                                cp ca.crt /etc/docker/certs.d/{registry}/ca.crt
        podman, skopeo          mkdir -p /etc/containers/certs.d/{registry}
                                cp ca.crt /etc/containers/certs.d/{registry}/ca.crt
        all of Debian, Ubuntu   cp ca.crt /usr/local/share/ca-certificates/psregistry.crt
        (containerd, curl, .NET) update-ca-certificates
        all of RHEL, Fedora     cp ca.crt /etc/pki/ca-trust/source/anchors/psregistry.crt
                                update-ca-trust
        Windows                 Import-Certificate ca.crt -CertStoreLocation Cert:\LocalMachine\Root

        Restart dockerd and containerd after a change for all of a machine; certs.d needs no restart.
        """;

    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
