namespace PSRegistry.Client.Tests;

public sealed class RegistryAddressTests
{
    [Theory]
    [InlineData("localhost", "http://localhost/", "localhost")]
    [InlineData("localhost:5000", "http://localhost:5000/", "localhost:5000")]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/", "127.0.0.1:5000")]
    [InlineData("127.8.9.10", "http://127.8.9.10/", "127.8.9.10")]
    [InlineData("[::1]:5000", "http://[::1]:5000/", "[::1]:5000")]
    [InlineData("localhost:80", "http://localhost/", "localhost")]
    [InlineData("localhost:5000/", "http://localhost:5000/", "localhost:5000")]
    [InlineData("ghcr.io", "https://ghcr.io/", "ghcr.io")]
    [InlineData("GHCR.io:443", "https://ghcr.io/", "ghcr.io")]
    [InlineData("registry.internal:5000", "https://registry.internal:5000/", "registry.internal:5000")]
    [InlineData("127.0.0.1.evil.example", "https://127.0.0.1.evil.example/", "127.0.0.1.evil.example")]
    [InlineData(" registry ", "https://registry/", "registry")]
    [InlineData("http://registry.internal", "http://registry.internal/", "registry.internal")]
    [InlineData("https://localhost:5001/", "https://localhost:5001/", "localhost:5001")]
    [InlineData("https://proxy/registry/", "https://proxy/registry/", "proxy")]
    [InlineData("https://proxy/registry/v2/", "https://proxy/registry/", "proxy")]
    [InlineData("https://ghcr.io/v2", "https://ghcr.io/", "ghcr.io")]
    [InlineData("docker.io", "https://registry-1.docker.io/", "docker.io")]
    [InlineData("https://index.docker.io/", "https://registry-1.docker.io/", "docker.io")]
    public void An_address_says_where_and_how(string text, string baseUri, string authority)
    {
        Assert.True(RegistryAddress.TryParse(text, out var address, out _));
        Assert.Equal((baseUri, authority), (address.BaseUri.AbsoluteUri, address.Authority));
        Assert.Equal(authority, address.ToString());
        Assert.Equal(baseUri.StartsWith("http:", StringComparison.Ordinal), address.IsPlainHttp);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.2:1", true)]
    [InlineData("https://[::1]/", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("localhost.example", false)]
    public void This_machine_is_known_by_its_names(string text, bool loopback)
    {
        Assert.True(RegistryAddress.TryParse(text, out var address, out _));
        Assert.Equal(loopback, address.IsLoopback);
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("  ", "empty")]
    [InlineData("5000", "four numbers")]
    [InlineData("10.1:5000", "four numbers")]
    [InlineData("host:0", "expected a host")]
    [InlineData("host:99999", "expected a host")]
    [InlineData("host:port", "expected a host")]
    [InlineData("ghcr.io/owner", "expected a host")]
    [InlineData("ann@ghcr.io", "expected a host")]
    [InlineData("a b", "expected a host")]
    [InlineData("::1", "expected a host")]
    [InlineData("ftp://host/", "neither http nor https")]
    [InlineData("https:///x", "expected a host")]
    [InlineData("https://host/?a=b", "a query or a fragment")]
    [InlineData("https://host/#a", "a query or a fragment")]
    public void What_is_no_address_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(RegistryAddress.TryParse(text, out _, out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_in_the_address_is_refused_and_not_repeated()
    {
        Assert.False(RegistryAddress.TryParse("https://ann:wolf@host/", out _, out var fault));
        Assert.Contains("does not belong", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("wolf", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_do_not_show_the_credential()
    {
        var options = new RegistryClientOptions { Credential = new("ann", "wolf") };
        Assert.DoesNotContain("wolf", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ann", options.ToString(), StringComparison.Ordinal);
    }
}
