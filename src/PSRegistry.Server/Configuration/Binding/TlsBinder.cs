using System.Net.Security;
using System.Security.Authentication;
using PSRegistry.Server.Tls;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>http.tls</c>, and opens its files: a wrong one is a fault with its line, before anything listens.</summary>
internal static class TlsBinder
{
    private const string Section = "http.tls";

    private static readonly string[] Keys = ["key", "certificate", "clientcas", "clientauth", "minimumtls", "ciphersuites"];

    public static TlsConfiguration? Bind(ValueReader values)
    {
        if (values.Node(Section) is not MappingNode) return null;
        var certificate = values.Text(Section + ".certificate") ?? "";
        var key = values.Text(Section + ".key") ?? "";
        var authorities = Texts(values, Section + ".clientcas");
        var protocols = Protocols(values);
        var suites = Suites(values);
        var clients = Clients(values, authorities);
        var store = StoreBinder.Store(values);
        var thumbprint = StoreBinder.Thumbprint(values, hasFiles: certificate.Length + key.Length > 0);
        if (thumbprint is null && (certificate.Length == 0 || key.Length == 0))
        {
            if (values.Text(StoreBinder.ThumbprintKey) is { Length: > 0 }) return null;
            RefuseHalf(values, certificate, key);
            return null;
        }

        var tls = new TlsConfiguration
        {
            Certificate = certificate,
            Key = key,
            Thumbprint = thumbprint,
            Store = store,
            ClientAuthorities = authorities,
            ClientCertificates = clients,
            Protocols = protocols,
            CipherSuites = suites,
        };
        using var material = TlsMaterial.Load(tls);
        foreach (var fault in material.Faults)
            values.Faults.Add(fault.Severity, fault.KeyPath, values.Origin(fault.KeyPath), fault.Message, fault.Remedy);
        return tls;
    }

    /// <summary>The original speaks plain HTTP without a certificate, whatever else the section says; nobody can have meant that.</summary>
    private static void RefuseHalf(ValueReader values, string certificate, string key)
    {
        var rest = Keys
            .Select(name => $"{Section}.{name}")
            .FirstOrDefault(path => values.Node(path) is not (null or ScalarNode { Text: "" } or SequenceNode { Items.Count: 0 }));
        if (rest is null) return;
        var missing = certificate.Length > 0 ? "key" : key.Length > 0 ? "certificate" : "certificate and key";
        values.Refuse(rest, $"the {missing} that TLS needs is missing, and without TLS the registry would speak plain HTTP",
            $"Add http.tls.{missing.Replace(" and ", " and http.tls.", StringComparison.Ordinal)}, or remove http.tls");
    }

    private static SslProtocols Protocols(ValueReader values)
    {
        const string Path = Section + ".minimumtls";
        const SslProtocols Tls13 = SslProtocols.Tls13;
        const SslProtocols Tls12 = SslProtocols.Tls12 | Tls13;
        if (values.Text(Path) is null or "") return Tls12;
        if (values.Text(Path) is "tls1.0" or "tls1.1")
        {
            values.Faults.Warning(Path, values.Origin(Path), "versions before TLS 1.2 are broken, and most systems refuse them anyway", "Write tls1.2");
#pragma warning disable SYSLIB0039, CA5397 // The operator asks for them, as the original lets them.
            return values.Text(Path) is "tls1.0" ? SslProtocols.Tls | SslProtocols.Tls11 | Tls12 : SslProtocols.Tls11 | Tls12;
#pragma warning restore SYSLIB0039, CA5397
        }
        if (values.Choice(Path, "tls1.2", "tls1.3", "tls1.1", "tls1.0") is "tls1.3") return Tls13;
        return Tls12;
    }

    private static List<TlsCipherSuite> Suites(ValueReader values)
    {
        const string Path = Section + ".ciphersuites";
        var suites = new List<TlsCipherSuite>();
        foreach (var item in values.Items(Path).OfType<ScalarNode>())
        {
            if (CipherSuiteNames.Find(item.Text) is { } suite)
                suites.Add(suite);
            else
                values.Faults.Error(Path, item.Origin, $"\"{item.Text}\" is no cipher suite", $"Write names such as {CipherSuiteNames.Example}");
        }
        if (suites.Count == 0) return suites;
        if (!CipherSuiteNames.CanBeChosen)
            values.Refuse(Path, "this system chooses the cipher suites itself", "Remove the key, and set them in the system's policy");
        else if (values.Text(Section + ".minimumtls") is "tls1.3")
            values.Faults.Warning(Path, values.Origin(Path), "the suites of TLS 1.3 are fixed; this has no effect", "Remove it");
        return suites;
    }

    private static ClientCertificates Clients(ValueReader values, List<string> authorities)
    {
        const string Path = Section + ".clientauth";
        if (values.Text(Path) is null or "")
            return authorities.Count > 0 ? ClientCertificates.RequireAndVerify : ClientCertificates.NotAsked;
        var name = values.Choice(Path, "request-client-cert", "require-any-client-cert", "verify-client-cert-if-given", "require-and-verify-client-cert");
        var clients = name switch
        {
            "request-client-cert" => ClientCertificates.Request,
            "require-any-client-cert" => ClientCertificates.RequireAny,
            "verify-client-cert-if-given" => ClientCertificates.VerifyIfGiven,
            _ => ClientCertificates.RequireAndVerify,
        };
        if (name is not null && clients is ClientCertificates.VerifyIfGiven or ClientCertificates.RequireAndVerify && authorities.Count == 0)
            values.Refuse(Path, "there is no CA to verify the certificates of clients with", "Name its file in http.tls.clientcas");
        return clients;
    }

    private static List<string> Texts(ValueReader values, string path) =>
        [.. values.Items(path).OfType<ScalarNode>().Select(item => item.Text).Where(text => text.Length > 0)];
}
