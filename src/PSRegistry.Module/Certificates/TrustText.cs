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
        Copy {authority} to each client (never a key), and there, as root:

        docker
          mkdir -p /etc/docker/certs.d/{registry}
          cp ca.crt /etc/docker/certs.d/{registry}/
        podman, skopeo, buildah
          mkdir -p /etc/containers/certs.d/{registry}
          cp ca.crt /etc/containers/certs.d/{registry}/
        everything on Debian, Ubuntu (containerd, curl, .NET too)
          cp ca.crt /usr/local/share/ca-certificates/psregistry.crt
          update-ca-certificates
        everything on RHEL, Fedora
          cp ca.crt /etc/pki/ca-trust/source/anchors/psregistry.crt
          update-ca-trust
        everything on Windows
          Import-Certificate ca.crt -CertStoreLocation Cert:\LocalMachine\Root

        certs.d counts at once; after the others restart dockerd and containerd.
        """;

    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
