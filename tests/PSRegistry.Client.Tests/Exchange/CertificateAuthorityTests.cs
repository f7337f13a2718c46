using System.Security.Cryptography.X509Certificates;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Exchange;

public sealed class CertificateAuthorityTests
{
    [Fact]
    public async Task A_certificate_of_an_authority_that_the_user_names_is_trusted()
    {
        using var authority = TestAuthority.Make();
        using var issued = authority.ForServer();
        using var certificate = issued.WithKey();
        await using var server = await ServeAsync(certificate);
        using var client = Clients.Of(server.Address, Trusting(authority));
        Assert.Equal(["a"], await client.TagsAsync());
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_not()
    {
        using var authority = TestAuthority.Make();
        using var other = TestAuthority.Make("Another CA");
        using var issued = authority.ForServer();
        using var certificate = issued.WithKey();
        await using var server = await ServeAsync(certificate);
        using var client = Clients.Of(server.Address, Trusting(other));
        var fault = await Clients.FailsAsync(RegistryFailure.CertificateUntrusted, () => client.TagsAsync());
        Assert.Contains("issuer is unknown", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_over_is_not()
    {
        using var authority = TestAuthority.Make();
        using var issued = authority.ForServer(days: -1);
        using var certificate = issued.WithKey();
        await using var server = await ServeAsync(certificate);
        using var client = Clients.Of(server.Address, Trusting(authority));
        await Clients.FailsAsync(RegistryFailure.CertificateUntrusted, () => client.TagsAsync());
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_not()
    {
        using var authority = TestAuthority.Make();
        using var issued = authority.ForServer();
        using var certificate = issued.WithKey();
        await using var server = await ServeAsync(certificate);
        var options = Trusting(authority);
        options = options with { Surroundings = options.Surroundings with { Connect = (_, token) => ConnectAsync(server.Address, token) } };
        using var client = Clients.Of(new Uri("https://registry.example/"), options);
        var fault = await Clients.FailsAsync(RegistryFailure.CertificateUntrusted, () => client.TagsAsync());
        Assert.Contains("another host name", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    public async Task A_file_that_is_no_authority_is_named(string content, string reason)
    {
        await using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["ca.pem"], content, TestContext.Current.CancellationToken);
        Assert.False(CertificateAuthorities.TryRead(folder["ca.pem"], out _, out var fault));
        Assert.Contains(folder["ca.pem"], fault, StringComparison.Ordinal);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
        Assert.False(CertificateAuthorities.TryRead(folder["missing.pem"], out _, out _));
    }

    private static RegistryClientOptions Trusting(TestAuthority authority)
    {
        Assert.True(CertificateAuthorities.TryParse(authority.Pem, "ca.pem", out var trusted, out var fault), fault);
        return Clients.Impatient(new ImpatientClock()) with { CertificateAuthority = trusted };
    }

    private static Task<ScriptedServer> ServeAsync(X509Certificate2 certificate) =>
        ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, """{"tags":["a"]}"""), certificate);

    private static async ValueTask<Stream> ConnectAsync(Uri address, CancellationToken token)
    {
        var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(address.Host, address.Port, token);
        return client.GetStream();
    }
}
