using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Exchange;

public sealed class ConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly RegistryClientOptions Hasty = Clients.Impatient(new ImpatientClock()) with { RequestTimeout = TimeSpan.FromMilliseconds(300) };

    [Fact]
    public async Task A_port_on_which_nobody_listens_is_unreachable()
    {
        var port = FreePort.Next();
        using var client = Clients.Of(new Uri($"http://127.0.0.1:{port}/"));
        var fault = await FailsAsync(RegistryFailure.Unreachable, client);
        Assert.Contains($"127.0.0.1:{port}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("refused", fault.Message, StringComparison.Ordinal);
        Assert.Equal((null, "GET", $"http://127.0.0.1:{port}/v2/"), (fault.Status, fault.Method, fault.RequestUri.AbsoluteUri));
    }

    [Fact]
    public async Task A_host_that_has_no_address_is_unknown()
    {
        using var client = Clients.Of(new Uri("https://registry.invalid/"));
        var fault = await FailsAsync(RegistryFailure.HostUnknown, client);
        Assert.Contains("'registry.invalid'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_not_taken_is_unreachable()
    {
        var surroundings = new Surroundings
        {
            Connect = async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return Stream.Null;
            },
        };
        using var client = Clients.Of(
            new Uri("https://registry.example/"), new() { ConnectTimeout = TimeSpan.FromMilliseconds(200), Surroundings = surroundings });
        var fault = await FailsAsync(RegistryFailure.Unreachable, client);
        Assert.Contains("firewall", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_times_out()
    {
        await using var server = await ScriptedServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = Clients.Of(server.Address, Hasty);
        var fault = await FailsAsync(RegistryFailure.TimedOut, client);
        Assert.Contains("0.3 s", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_falls_silent_times_out()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("""{"tags":["a",""", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = Clients.Of(server.Address, Hasty);
        await Clients.FailsAsync(RegistryFailure.TimedOut, () => client.TagsAsync());
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", RegistryFailure.NotARegistry)]
    [InlineData("", RegistryFailure.ConnectionLost)]
    public async Task What_is_no_http_is_told(string greeting, RegistryFailure failure)
    {
        await using var server = RawServer.Saying(greeting);
        using var client = Clients.Of(server.Http);
        await FailsAsync(failure, client);
    }

    [Fact]
    public async Task Https_to_a_plain_http_server_is_told_with_the_address_to_use()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, "{}"));
        using var client = Clients.Of(new Uri($"https://127.0.0.1:{server.Address.Port}/"));
        var fault = await FailsAsync(RegistryFailure.PlainHttpServer, client);
        Assert.Contains($"http://127.0.0.1:{server.Address.Port}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_to_an_https_server_is_told_with_the_address_to_use()
    {
        using var certificate = TestCertificate.SelfSigned();
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, "{}"), certificate);
        using var client = Clients.Of(new Uri($"http://127.0.0.1:{server.Address.Port}/"));
        var fault = await FailsAsync(RegistryFailure.HttpsServer, client);
        Assert.Contains($"https://127.0.0.1:{server.Address.Port}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_explains_in_plain_http_that_it_wants_https_is_understood()
    {
        using var certificate = TestCertificate.SelfSigned();
        await using var server = new RawServer(async (stream, token) =>
        {
            var first = new byte[1];
            await stream.Socket.ReceiveAsync(first, SocketFlags.Peek, token);
            if (first[0] == (byte)'G')
            {
                await stream.WriteAsync("HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nThis port wants TLS.\n"u8.ToArray(), token);
                return;
            }
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsServerAsync(certificate, false, false);
        });
        using var client = Clients.Of(server.Http);
        await FailsAsync(RegistryFailure.HttpsServer, client);
    }

    [Fact]
    public async Task A_bad_request_of_a_plain_server_does_not_make_it_an_https_one()
    {
        await using var server = RawServer.Saying("HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nno\n");
        using var client = Clients.Of(server.Http);
        await FailsAsync(RegistryFailure.NotARegistry, client);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_issuer_is_refused_with_its_parties()
    {
        using var certificate = TestCertificate.SelfSigned("CN=registry.test, O=Nobody");
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, "{}"), certificate);
        using var client = Clients.Of(server.Address);
        var fault = await FailsAsync(RegistryFailure.CertificateUntrusted, client);
        Assert.Contains("self-signed (subject CN=registry.test, O=Nobody, issuer CN=registry.test, O=Nobody)", fault.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_certificate_that_is_over_says_since_when()
    {
        var yesterday = DateTimeOffset.Now.AddDays(-1);
        using var certificate = TestCertificate.SelfSigned(notAfter: yesterday);
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerAsync(context, "{}"), certificate);
        using var client = Clients.Of(server.Address);
        var fault = await FailsAsync(RegistryFailure.CertificateUntrusted, client);
        Assert.Contains($"over since {yesterday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_certificate_will_do_where_the_check_is_skipped()
    {
        using var certificate = TestCertificate.SelfSigned();
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.AnswerAsync(context, $$"""{"repositories":["{{context.Request.Protocol[5]}}"]}"""), certificate);
        using var client = Clients.Of(server.Address, new() { SkipCertificateCheck = true });
        Assert.Equal(["2"], await client.RepositoriesAsync());
    }

    [Fact]
    public async Task A_disposed_client_is_disposed()
    {
        var client = Clients.Of(new Uri("http://127.0.0.1:1/"));
        client.Dispose();
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.PingAsync(Token).AsTask());
    }

    private static Task<RegistryRequestException> FailsAsync(RegistryFailure failure, RegistryClient client) =>
        Clients.FailsAsync(failure, () => client.PingAsync(Token).AsTask());
}
