using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class HttpKeyTests
{
    [Theory]
    [InlineData("127.0.0.2", null, "127.0.0.2:5000")]
    [InlineData("127.0.0.2", 81, "127.0.0.2:81")]
    [InlineData("127.0.0.2:81", null, "127.0.0.2:81")]
    [InlineData("::1", null, "[::1]:5000")]
    [InlineData("[::1]:81", null, "[::1]:81")]
    [InlineData("", 81, ":81")]
    public void An_address_that_a_command_says_may_have_its_port(string address, int? port, string listens) =>
        Assert.Equal(listens, Said(address, port).Clean().Http.Addr.ToString());

    [Fact]
    public void Two_ports_are_a_fault_of_the_address() => Assert.Equal("-Address", Said("127.0.0.2:81", 82).OnlyError().Origin);

    private static ConfigurationResult Said(string address, int? port) =>
        ConfigurationLoader.Load(new() { Text = Given.Minimum + "http: {addr: ':5000'}\n", Parameters = new ServerParameters { Address = address, Port = port } });

    [Theory]
    [InlineData(":5000", "", 5000)]
    [InlineData("0.0.0.0:80", "0.0.0.0", 80)]
    [InlineData("localhost:0", "localhost", 0)]
    [InlineData("registry.example.com:65535", "registry.example.com", 65535)]
    [InlineData("[::1]:5000", "::1", 5000)]
    public void An_address_reads_and_prints(string text, string host, int port)
    {
        Assert.True(ListenAddress.TryParse(text, out var address));
        Assert.Equal(new ListenAddress(host, port), address);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("5000")]
    [InlineData("localhost")]
    [InlineData(":")]
    [InlineData(":http")]
    [InlineData(":65536")]
    [InlineData(":-1")]
    [InlineData(": 80")]
    [InlineData("::1:5000")]
    [InlineData("[localhost]:5000")]
    [InlineData("http://localhost:5000")]
    [InlineData("a b:5000")]
    public void Nothing_else_is_an_address(string text) => Assert.False(ListenAddress.TryParse(text, out _));

    [Theory]
    [InlineData("/", "/")]
    [InlineData("registry", "/registry/")]
    [InlineData("/my/nested/registry/", "/my/nested/registry/")]
    public void A_prefix_begins_and_ends_with_a_slash(string text, string prefix) =>
        Assert.Equal(prefix, Given.Variables(("REGISTRY_HTTP_PREFIX", text)).Clean().Http.Prefix);

    [Theory]
    [InlineData("https://a/b")]
    [InlineData("/a//b/")]
    [InlineData("/../")]
    [InlineData("/a?b")]
    [InlineData("/a%2Fb")]
    public void A_prefix_is_a_plain_path(string text) =>
        Assert.Equal("http.prefix", Given.Variables(("REGISTRY_HTTP_PREFIX", text)).OnlyError().KeyPath);

    [Theory]
    [InlineData("ftp://a")]
    [InlineData("registry.example.com:5000")]
    [InlineData("//a")]
    [InlineData("https://a/?b")]
    [InlineData("https://me:secret@a/")]
    public void A_host_is_an_http_address(string text) =>
        Assert.Equal("http.host", Given.Variables(("REGISTRY_HTTP_HOST", text)).OnlyError().KeyPath);

    [Fact]
    public void Relative_urls_have_three_states()
    {
        Assert.Null(Given.File(Given.Minimum).Clean().Http.RelativeUrls);
        Assert.True(Given.File(Given.Minimum + "http: {relativeurls: true}\n").Clean().Http.RelativeUrls);
        Assert.False(Given.File(Given.Minimum + "http: {relativeurls: false}\n").Clean().Http.RelativeUrls);
    }

    [Theory]
    [InlineData("{\"X A\": [b]}", "http.headers.X A")]
    [InlineData("{X-A: [\"b\\r\\nSet-Cookie: c\"]}", "http.headers.X-A")]
    [InlineData("{'': [b]}", "http.headers.")]
    public void A_header_that_cannot_be_sent_is_an_error(string headers, string path) =>
        Assert.Equal(path, Given.File($"{Given.Minimum}http: {{headers: {headers}}}\n").OnlyError().KeyPath);

    [Fact]
    public void One_header_in_two_spellings_keeps_all_its_values() =>
        Assert.Equal(["a", "b"], Given.File(Given.Minimum + "http: {headers: {X-A: [a], x-a: [b], X-B: }}\n").Clean().Http.Headers["X-A"]);
}
