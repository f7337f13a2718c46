using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

/// <summary>Absolute URLs behind a proxy.</summary>
public sealed class ProxyHeaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Forwarded: proto=https;host=a.example.com", "https://a.example.com/v2/")]
    [InlineData("Forwarded: for=1.2.3.4; Host=\"a.example.com:8443\" ;Proto=https, host=b;proto=http", "https://a.example.com:8443/v2/")]
    [InlineData("Forwarded: for=1.2.3.4;proto=https", "https://own/v2/")]
    [InlineData("Forwarded: host=[::1]:5000", "http://[::1]:5000/v2/")]
    [InlineData("X-Forwarded-Proto: https\r\nX-Forwarded-Host: a.example.com", "https://a.example.com/v2/")]
    [InlineData("X-Forwarded-Proto: https, http\r\nX-Forwarded-Host: a.example.com, b", "https://a.example.com/v2/")]
    [InlineData("X-Forwarded-Proto: https", "https://own/v2/")]
    [InlineData("X-Forwarded-Host: a", "http://a/v2/")]
    [InlineData("Forwarded: proto=https;host=a\r\nX-Forwarded-Host: b", "https://a/v2/")]
    [InlineData("X-Forwarded-Proto: javascript\r\nX-Forwarded-Host: a/../b?c", "http://own/v2/")]
    [InlineData("Forwarded: host=\"a b\";proto=\"\"", "http://own/v2/")]
    [InlineData("Forwarded: ;;=;a", "http://own/v2/")]
    [InlineData("Forwarded: ", "http://own/v2/")]
    public async Task A_location_names_what_the_proxy_tells(string headers, string begins) =>
        Assert.StartsWith(begins, await LocationAsync(http => http with { RelativeUrls = false }, headers), StringComparison.Ordinal);

    [Fact]
    public async Task A_configured_host_wins() => Assert.StartsWith("https://registry.example.com/v2/", await LocationAsync(
        http => http with { Host = new Uri("https://registry.example.com") }, "Forwarded: proto=http;host=a"), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    public async Task A_relative_location_does_not_care(bool? relative) => Assert.StartsWith("/v2/", await LocationAsync(
        http => http with { RelativeUrls = relative }, "Forwarded: proto=https;host=a"), StringComparison.Ordinal);

    [Fact]
    public async Task The_prefix_stays() => Assert.StartsWith("https://a/sub/v2/", await LocationAsync(
        http => http with { RelativeUrls = false, Prefix = "/sub/" }, "Forwarded: proto=https;host=a", "/sub"), StringComparison.Ordinal);

    private static async Task<string> LocationAsync(Func<HttpConfiguration, HttpConfiguration> change, string headers, string prefix = "")
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with { Http = change(configuration.Http) });
        var answer = await registry.SendRawAsync(
            $"POST {prefix}/v2/x/blobs/uploads/ HTTP/1.1\r\nHost: own\r\n{headers}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Token);
        return Assert.Single(answer.Split("\r\n"), line => line.StartsWith("Location: ", StringComparison.Ordinal))["Location: ".Length..];
    }
}
