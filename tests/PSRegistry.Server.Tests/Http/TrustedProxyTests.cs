using System.Net;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Tests.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

/// <summary>Who is believed to ask for somebody else. The proxy of these tests is 127.0.0.1, from where they connect.</summary>
public sealed class TrustedProxyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", "X-Forwarded-For: 1.2.3.4", "1.2.3.4")]
    [InlineData("127.0.0.0/8", "X-Forwarded-For: 2001:db8::7", "2001:db8::7")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 1.2.3.4:567", "1.2.3.4:567")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 6.6.6.6, 1.2.3.4", "1.2.3.4")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4", "1.2.3.4")]
    [InlineData("127.0.0.1,10.0.0.0/8", "X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4")]
    [InlineData("127.0.0.1,10.0.0.0/8", "X-Forwarded-For: 10.0.0.7, 10.0.0.9", "10.0.0.7")]
    [InlineData("127.0.0.1,10.0.0.0/8", "X-Forwarded-For: unknown, 10.0.0.9", "10.0.0.9")]
    [InlineData("127.0.0.1", "Forwarded: for=1.2.3.4;proto=https", "1.2.3.4")]
    [InlineData("127.0.0.1", "Forwarded: for=6.6.6.6, for=\"[2001:db8::7]:4711\"", "[2001:db8::7]:4711")]
    [InlineData("127.0.0.1", "Forwarded: for=6.6.6.6\r\nX-Forwarded-For: 1.2.3.4", "1.2.3.4")]
    public async Task A_trusted_proxy_tells_who_asks(string trusted, string headers, string client) =>
        Assert.Contains($"http.request.remoteaddr={Quoted(client)} ", (await AskAsync(trusted, headers)).Log + " ", StringComparison.Ordinal);

    [Theory]
    [InlineData("", "X-Forwarded-For: 1.2.3.4")]
    [InlineData("10.0.0.0/8,::1,unix", "X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4")]
    [InlineData("127.0.0.1", "X-Forwarded-For: nobody")]
    [InlineData("127.0.0.1", "Forwarded: proto=https")]
    [InlineData("127.0.0.1", "X-Forwarded-For: , ,")]
    [InlineData(null, "X-Forwarded-For: 1.2.3.4")]
    public async Task Nobody_else_does(string? trusted, string headers) =>
        Assert.Contains("http.request.remoteaddr=127.0.0.1:", (await AskAsync(trusted, headers)).Log, StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1", "X-Forwarded-Proto: https\r\nX-Forwarded-Host: a.example.com", "https://a.example.com/v2/")]
    [InlineData("127.0.0.1", "X-Forwarded-Host: evil, a.example.com", "http://a.example.com/v2/")]
    [InlineData("127.0.0.1,10.0.0.0/8", "X-Forwarded-For: 1.2.3.4, 10.0.0.9\r\nX-Forwarded-Proto: https, http\r\nX-Forwarded-Host: a, b", "https://a/v2/")]
    [InlineData("127.0.0.1", "Forwarded: for=6.6.6.6;host=evil;proto=http, for=1.2.3.4;host=a;proto=https", "https://a/v2/")]
    [InlineData("127.0.0.1", "Forwarded: host=evil\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: a", "https://a/v2/")]
    [InlineData("127.0.0.1", "X-Forwarded-Host: evil\r\nForwarded: for=1.2.3.4;host=a", "http://a/v2/")]
    [InlineData("10.0.0.0/8", "X-Forwarded-Proto: https\r\nX-Forwarded-Host: a.example.com", "http://own/v2/")]
    [InlineData("", "Forwarded: host=evil", "http://own/v2/")]
    [InlineData(null, "Forwarded: host=a", "http://a/v2/")]
    public async Task Scheme_and_host_are_those_of_a_trusted_proxy(string? trusted, string headers, string begins) =>
        Assert.StartsWith(begins, (await AskAsync(trusted, headers)).Location, StringComparison.Ordinal);

    [Fact]
    public async Task More_hops_than_anybody_has_are_not_followed()
    {
        var hops = string.Join(", ", Enumerable.Repeat("10.0.0.1", 1000));
        Assert.Contains("http.request.remoteaddr=10.0.0.1 ", (await AskAsync("127.0.0.1,10.0.0.0/8", $"X-Forwarded-For: 1.2.3.4, {hops}")).Log + " ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_refusal_of_a_login_names_the_client()
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Auth = new AuthConfiguration { OneUser = OneUser.Of(new NetworkCredential("ann", "right")) },
            Http = configuration.Http with { TrustedProxies = Trusted("127.0.0.1") },
        });
        await registry.Http.SendAsync(HttpMethod.Get, "/v2/", null, new Dictionary<string, string> { ["X-Forwarded-For"] = "1.2.3.4", ["Authorization"] = "Basic YW5uOndyb25n" }, Token);
        await registry.WaitForLogAsync(line => line.Contains("login from 1.2.3.4 as ann", StringComparison.Ordinal), Token);
    }

    private static string Quoted(string address) => address.Contains('[', StringComparison.Ordinal) ? $"\"{address}\"" : address;

    private static TrustedProxies? Trusted(string? text) => text is null ? null : Given
        .File($"{Given.Minimum}http:\n  trustedproxies: [{string.Join(", ", text.Split(',').Where(item => item.Length > 0).Select(item => $"'{item}'"))}]\n").Clean().Http.TrustedProxies;

    /// <summary>Begins an upload: the line of the access log, and the Location.</summary>
    private static async Task<(string Log, string Location)> AskAsync(string? trusted, string headers)
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Http = configuration.Http with { RelativeUrls = false, TrustedProxies = Trusted(trusted) },
        });
        var answer = await registry.SendRawAsync(
            $"POST /v2/x/blobs/uploads/ HTTP/1.1\r\nHost: own\r\n{headers}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Token);
        await registry.WaitForLogAsync(line => line.Contains("response completed", StringComparison.Ordinal), Token);
        return (registry.LogLines.Single(line => line.Contains("response completed", StringComparison.Ordinal)),
            Assert.Single(answer.Split("\r\n"), line => line.StartsWith("Location: ", StringComparison.Ordinal))["Location: ".Length..]);
    }
}
