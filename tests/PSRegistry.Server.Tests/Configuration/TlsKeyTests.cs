using System.Net.Security;
using System.Security.Authentication;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class TlsKeyTests : IDisposable
{
    private readonly TlsFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Certificate_and_key_are_enough()
    {
        var tls = Load("").Clean().Http.Tls!;
        Assert.Equal((_files.Certificate, _files.Key, SslProtocols.Tls12 | SslProtocols.Tls13, ClientCertificates.NotAsked),
            (tls.Certificate, tls.Key, tls.Protocols, tls.ClientCertificates));
    }

    [Fact]
    public void Variables_alone_are_enough() => Assert.NotNull(Given.Variables(
        ("REGISTRY_HTTP_TLS_CERTIFICATE", _files.Certificate), ("REGISTRY_HTTP_TLS_KEY", _files.Key)).Clean().Http.Tls);

    [Theory]
    [InlineData("tls1.2", SslProtocols.Tls12 | SslProtocols.Tls13)]
    [InlineData("tls1.3", SslProtocols.Tls13)]
    [InlineData("''", SslProtocols.Tls12 | SslProtocols.Tls13)]
    public void The_minimum_version_is_one_of_the_originals(string minimum, SslProtocols protocols)
    {
        Assert.Equal(protocols, Load($"minimumtls: {minimum}").Clean().Http.Tls!.Protocols);
        Assert.Equal(protocols, Given.File(File(""), ("REGISTRY_HTTP_TLS_MINIMUMTLS", minimum)).Clean().Http.Tls!.Protocols);
    }

    [Theory]
    [InlineData("tls1.0")]
    [InlineData("tls1.1")]
    public void An_old_version_is_obeyed_with_a_warning(string minimum) => Assert.Equal("http.tls.minimumtls", Load($"minimumtls: {minimum}").OnlyWarning().KeyPath);

    [Theory]
    [InlineData("minimumtls: '1.2'", "http.tls.minimumtls")]
    [InlineData("minimumtls: ssl3", "http.tls.minimumtls")]
    [InlineData("ciphersuites: [TLS_NONE]", "http.tls.ciphersuites")]
    [InlineData("ciphersuites: TLS_AES_128_GCM_SHA256", "http.tls.ciphersuites")]
    [InlineData("clientauth: maybe", "http.tls.clientauth")]
    [InlineData("clientauth: verify-client-cert-if-given", "http.tls.clientauth")]
    [InlineData("clientauth: require-and-verify-client-cert", "http.tls.clientauth")]
    [InlineData("clientcas: [/nowhere/ca.pem]", "http.tls.clientcas")]
    [InlineData("clientcas: /nowhere/ca.pem", "http.tls.clientcas")]
    [InlineData("clientca: [/nowhere/ca.pem]", "http.tls.clientca")]
    public void A_bad_value_is_an_error_with_its_line(string line, string path)
    {
        var fault = Load(line).OnlyError();
        Assert.Equal((path, "config.yml:7"), (fault.KeyPath, fault.Origin));
    }

    [Fact]
    public void Cipher_suites_go_by_their_names()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows chooses the suites itself");
        var suites = Load("ciphersuites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_RSA_WITH_3DES_EDE_CBC_SHA]").Clean().Http.Tls!.CipherSuites;
        Assert.Equal([TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA], suites);
        Assert.Single(Given.File(File(""), ("REGISTRY_HTTP_TLS_CIPHERSUITES_0", "TLS_AES_128_GCM_SHA256")).Clean().Http.Tls!.CipherSuites);
    }

    [Fact]
    public void Cipher_suites_have_no_effect_on_the_last_version() =>
        Assert.Equal("http.tls.ciphersuites", Load("minimumtls: tls1.3\n    ciphersuites: [TLS_AES_128_GCM_SHA256]").OnlyWarning().KeyPath);

    [Theory]
    [InlineData("request-client-cert", ClientCertificates.Request)]
    [InlineData("require-any-client-cert", ClientCertificates.RequireAny)]
    [InlineData("verify-client-cert-if-given", ClientCertificates.VerifyIfGiven)]
    [InlineData("require-and-verify-client-cert", ClientCertificates.RequireAndVerify)]
    public void What_is_asked_of_clients_is_one_of_the_originals(string text, ClientCertificates expected)
    {
        Assert.Equal(expected, Load($"clientauth: {text}\n    clientcas: [{_files.AuthorityFile}]").Clean().Http.Tls!.ClientCertificates);
        Assert.Equal(expected, Given.File(File(""), ("REGISTRY_HTTP_TLS_CLIENTAUTH", text), ("REGISTRY_HTTP_TLS_CLIENTCAS_0", _files.AuthorityFile)).Clean()
            .Http.Tls!.ClientCertificates);
    }

    [Fact]
    public void With_a_CA_alone_a_certificate_is_required() =>
        Assert.Equal(ClientCertificates.RequireAndVerify, Load($"clientcas: [{_files.AuthorityFile}]").Clean().Http.Tls!.ClientCertificates);

    [Theory]
    [InlineData("thumbprint: 0123456789012345678901234567890123456789", "http.tls.thumbprint")]
    [InlineData("thumbprint: 0123456789012345678901234567890123456789\n    store: elsewhere", "http.tls.store")]
    public void A_certificate_of_the_store_is_for_windows_and_instead_of_files(string lines, string path)
    {
        var faults = Given.File($"{Given.Minimum}http:\n  tls:\n    {lines}\n").Faults;
        Assert.Contains(faults, fault => fault.KeyPath == path && fault.Severity is FaultSeverity.Error);
        Assert.Contains(Load(lines).Faults, fault => fault.KeyPath == path && fault.Severity is FaultSeverity.Error);
    }

    private ConfigurationResult Load(string line) => Given.File(File(line));

    private string File(string line) => $"{Given.Minimum}http:\n  tls:\n    certificate: {_files.Certificate}\n    key: {_files.Key}\n    {line}\n";
}
