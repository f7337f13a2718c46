using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tls;

/// <summary>Has a listener speak TLS as <c>http.tls</c> says.</summary>
internal static class TlsSetup
{
    /// <exception cref="RegistryStartException">A file was changed or taken away since the configuration was read.</exception>
    public static HttpsConnectionAdapterOptions Options(TlsConfiguration tls)
    {
        var material = TlsMaterial.Load(tls);
        if (material.Faults.FirstOrDefault(fault => fault.Severity is FaultSeverity.Error) is { } fault)
            throw new RegistryStartException(StartFailure.Setting, $"{fault.KeyPath}: {fault.Message}. {fault.Remedy}.");
        var options = new HttpsConnectionAdapterOptions
        {
            ServerCertificate = material.Certificate,
            ServerCertificateChain = material.Chain,
            SslProtocols = tls.Protocols,
            ClientCertificateMode = Mode(tls.ClientCertificates),
        };
        if (tls.ClientCertificates is ClientCertificates.Request or ClientCertificates.RequireAny)
            options.AllowAnyClientCertificate();
        else if (tls.ClientCertificates is not ClientCertificates.NotAsked)
            options.ClientCertificateValidation = new ClientCertificateCheck(material.ClientAuthorities).IsTrusted;
        Choose(options, tls);
        return options;
    }

    private static ClientCertificateMode Mode(ClientCertificates certificates) => certificates switch
    {
        ClientCertificates.NotAsked => ClientCertificateMode.NoCertificate,
        ClientCertificates.Request or ClientCertificates.VerifyIfGiven => ClientCertificateMode.AllowCertificate,
        _ => ClientCertificateMode.RequireCertificate,
    };

    private static void Choose(HttpsConnectionAdapterOptions options, TlsConfiguration tls)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        var suites = tls.CipherSuites.Count > 0 ? tls.CipherSuites.Concat(CipherSuiteNames.Tls13).Distinct() : CipherSuiteNames.Defaults;
        var policy = new CipherSuitesPolicy(suites);
        options.OnAuthenticate = (_, session) => session.CipherSuitesPolicy = policy;
    }
}
