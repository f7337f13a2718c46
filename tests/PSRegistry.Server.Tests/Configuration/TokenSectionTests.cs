using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>The keys of <c>auth.token</c>, and the files that they name.</summary>
public sealed class TokenSectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = TestAuthority.Make();
    private readonly TokenSigner _signer = TokenSigner.Make();

    public TokenSectionTests()
    {
        File.WriteAllText(_folder["bundle.pem"], _authority.Pem);
        File.WriteAllText(_folder["keys.json"], TokenSigner.KeySet((_signer, "one")));
    }

    public void Dispose()
    {
        _signer.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Realm_service_issuer_and_keys_are_enough()
    {
        var token = Load($"rootcertbundle: {_folder["bundle.pem"]}").Clean().Auth.Token!;
        Assert.Equal(("https://auth/token", "reg", "iss", _folder["bundle.pem"], null, null), (token.Realm, token.Service, token.Issuer, token.RootCertificates, token.KeySet, token.AutoRedirectPath));
        Assert.Equal(9, token.Algorithms.Count);
        token = Load($"jwks: {_folder["keys.json"]}").Clean().Auth.Token!;
        Assert.Equal((null, _folder["keys.json"]), (token.RootCertificates, token.KeySet));
    }

    [Fact]
    public void Variables_alone_are_enough()
    {
        var token = Given.Variables(
            ("REGISTRY_AUTH", "token"), ("REGISTRY_AUTH_TOKEN_REALM", "https://auth/token"), ("REGISTRY_AUTH_TOKEN_SERVICE", "reg"), ("REGISTRY_AUTH_TOKEN_ISSUER", "iss"),
            ("REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE", _folder["bundle.pem"]), ("REGISTRY_AUTH_TOKEN_JWKS", _folder["keys.json"]), ("REGISTRY_AUTH_TOKEN_AUTOREDIRECT", "true"),
            ("REGISTRY_AUTH_TOKEN_AUTOREDIRECTPATH", "/tokens"), ("REGISTRY_AUTH_TOKEN_SIGNINGALGORITHMS_0", "ES256")).Clean().Auth.Token!;
        Assert.Equal(("", "/tokens", _folder["bundle.pem"], _folder["keys.json"]), (token.Realm, token.AutoRedirectPath, token.RootCertificates, token.KeySet));
        Assert.Equal(["ES256"], token.Algorithms);
    }

    [Theory]
    [InlineData("autoredirect: false, autoredirectpath: /a", null)]
    [InlineData("autoredirect: true", "/auth/token")]
    [InlineData("autoredirect: true, autoredirectpath: ''", "/auth/token")]
    [InlineData("autoredirect: true, autoredirectpath: a/b", "/a/b")]
    [InlineData("autoredirect: true, autoredirectpath: '/a b/'", "/a%20b/")]
    public void A_redirection_has_a_path(string keys, string? path) => Assert.Equal(path, Load($"{keys}, jwks: {_folder["keys.json"]}").Clean().Auth.Token!.AutoRedirectPath);

    [Fact]
    public void The_algorithms_are_those_that_are_listed()
    {
        Assert.Equal(["RS256", "PS512"], Load($"signingalgorithms: [RS256, PS512], jwks: {_folder["keys.json"]}").Clean().Auth.Token!.Algorithms);
        Assert.Equal(9, Load($"signingalgorithms: [], jwks: {_folder["keys.json"]}").Clean().Auth.Token!.Algorithms.Count);
    }

    [Theory]
    [InlineData("EdDSA")]
    [InlineData("HS256")]
    public void An_algorithm_that_cannot_be_used_is_a_warning_beside_others_and_alone_an_error(string name)
    {
        var warned = Load($"signingalgorithms: [{name}, RS256], jwks: {_folder["keys.json"]}");
        Assert.Equal("auth.token.signingalgorithms", warned.OnlyWarning().KeyPath);
        Assert.Equal(["RS256"], warned.Configuration!.Auth.Token!.Algorithms);
        var refused = Load($"signingalgorithms: [{name}], jwks: {_folder["keys.json"]}");
        Assert.Null(refused.Configuration);
        Assert.Contains(refused.Faults, fault => fault.Severity is FaultSeverity.Error && fault.Message.Contains("no token could ever", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("signingalgorithms: [none], jwks: KEYS", "auth.token.signingalgorithms", "auth.token.signingalgorithms")]
    [InlineData("signingalgorithms: RS256, jwks: KEYS", "auth.token.signingalgorithms")]
    [InlineData("autoredirect: 'true', jwks: KEYS", "auth.token.autoredirect")]
    [InlineData("autoredirect: true, autoredirectpath: '/a?b', jwks: KEYS", "auth.token.autoredirectpath")]
    [InlineData("jwks: [KEYS]", "auth.token.jwks", "auth.token")]
    [InlineData("rootcertbundle: KEYS", "auth.token.rootcertbundle")]
    [InlineData("jwks: BUNDLE", "auth.token.jwks")]
    [InlineData("jwks: FOLDER", "auth.token.jwks")]
    [InlineData("jwks: KEYS, rootcertbundle: /nowhere/a", "auth.token.rootcertbundle")]
    [InlineData("jwks: KEYS, audience: a", "auth.token.audience")]
    public void A_bad_value_is_an_error_with_its_line(string keys, params string[] paths)
    {
        var result = Load(keys.Replace("KEYS", _folder["keys.json"], StringComparison.Ordinal).Replace("BUNDLE", _folder["bundle.pem"], StringComparison.Ordinal)
            .Replace("FOLDER", _folder.Path, StringComparison.Ordinal));
        Assert.Null(result.Configuration);
        Assert.Equal(paths, result.Faults.Select(fault => fault.KeyPath));
        Assert.All(result.Faults, fault => Assert.Equal((FaultSeverity.Error, "config.yml:3"), (fault.Severity, fault.Origin)));
    }

    [Theory]
    [InlineData("{\"kty\":\"oct\",\"k\":\"swordfish\"}", "shared secret")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"swordfish\"}", "EdDSA")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"swordfish\",\"y\":\"swordfish\"}", "damaged")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"swordfish\",\"y\":\"swordfish\"}", "curve")]
    [InlineData("{\"kty\":\"RSA\"}", "damaged")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"use\":\"enc\"}", "encryption")]
    [InlineData("{\"kty\":\"other\"}", "neither")]
    [InlineData("{}", "neither")]
    [InlineData("5", "no JSON Web Key")]
    public void A_key_that_cannot_be_used_is_a_warning_beside_others_and_alone_an_error(string key, string reason)
    {
        var good = _signer.Jwk().ToJsonString();
        File.WriteAllText(_folder["keys.json"], $"{{\"keys\":[{good},{key}]}}");
        var fault = Load($"jwks: {_folder["keys.json"]}").OnlyWarning();
        Assert.Contains("key 2 of the set", fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", fault.ToString(), StringComparison.Ordinal);
        File.WriteAllText(_folder["keys.json"], $"{{\"keys\":[{key}]}}");
        Assert.Contains(Load($"jwks: {_folder["keys.json"]}").Faults, error => error.Severity is FaultSeverity.Error && error.KeyPath == "auth.token.jwks");
    }

    [Fact]
    public void A_certificate_that_has_expired_is_a_warning()
    {
        File.WriteAllText(_folder["bundle.pem"], _authority.Pem + _authority.ForTokens(_signer.Key, days: -2).Pem);
        Assert.Contains("expired", Load($"rootcertbundle: {_folder["bundle.pem"]}").OnlyWarning().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_realm_that_is_no_address_is_a_warning() => Assert.Equal("auth.token.realm", Given.File(
        $"{Given.Minimum}auth: {{token: {{realm: token-realm, service: reg, issuer: iss, jwks: {_folder["keys.json"]}}}}}\n").OnlyWarning().KeyPath);

    [Fact]
    public void Relative_files_are_those_of_the_users_folder()
    {
        var token = ConfigurationLoader.Load(new()
        {
            Path = "config.yml",
            Text = $"{Given.Minimum}auth: {{token: {{realm: 'https://auth/token', service: reg, issuer: iss, jwks: keys.json, rootcertbundle: ./bundle.pem}}}}\n",
            WorkingDirectory = _folder.Path,
        }).Clean().Auth.Token!;
        Assert.Equal((_folder["bundle.pem"], _folder["keys.json"]), (token.RootCertificates, token.KeySet));
    }

    [Fact]
    public void All_of_it_is_in_the_configuration_that_counts()
    {
        var keys = Load($"jwks: {_folder["keys.json"]}").Effective.Where(key => key.KeyPath.StartsWith("auth", StringComparison.Ordinal)).Select(key => $"{key.KeyPath}={key.Value}");
        Assert.Equal(
            [
                "auth.token.realm=https://auth/token", "auth.token.service=reg", "auth.token.issuer=iss", $"auth.token.jwks={_folder["keys.json"]}",
                "auth.token.autoredirectpath=/auth/token", "auth.token.autoredirect=false",
            ],
            keys);
    }

    private static ConfigurationResult Load(string keys) =>
        Given.File($"{Given.Minimum}auth: {{token: {{realm: 'https://auth/token', service: reg, issuer: iss, {keys}}}}}\n");
}
