using System.Text;
using Microsoft.Extensions.Primitives;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Tests.Auth;

public sealed class BasicCredentialsTests
{
    [Theory]
    [InlineData("ann:secret", "ann", "secret")]
    [InlineData("ann:", "ann", "")]
    [InlineData("ann:a:b:c", "ann", "a:b:c")]
    [InlineData("Jürgen:Straße€", "Jürgen", "Straße€")]
    [InlineData("a b: c ", "a b", " c ")]
    public void User_and_password_are_read(string login, string user, string password)
    {
        Assert.True(BasicCredentials.TryParse("Basic " + Encode(login), out var credentials));
        Assert.Equal((user, password), (credentials.User, credentials.Password));
    }

    [Theory]
    [InlineData("basic ")]
    [InlineData("BASIC ")]
    public void The_scheme_has_no_case(string scheme) => Assert.True(BasicCredentials.TryParse(scheme + Encode("a:b"), out _));

    public static TheoryData<string> NoLogins =>
    [
        "", "Basic", "Basic ", "Basic !!!", "Basic =", "Basic YTpi=", "Bearer YTpi", "YTpi", "BasicYTpi",
        "Basic " + Encode("nocolon"), "Basic " + Encode(":b"), "Basic " + Encode("a:b\0c"), "Basic " + Encode("a\0:b"),
        "Basic " + Convert.ToBase64String([(byte)'a', (byte)':', 0xFF]), "Basic " + Convert.ToBase64String([0xC0, 0xAF, (byte)':', (byte)'b']),
        "Basic " + Encode("a:" + new string('b', 4000)), "Basic " + new string('A', 1_000_000), "Basic YTpi, Basic YTpi", "Digest username=\"a\"",
    ];

    [Theory]
    [MemberData(nameof(NoLogins))]
    public void Nothing_else_is_a_login(string header) => Assert.False(BasicCredentials.TryParse(header, out _));

    [Fact]
    public void Two_headers_are_no_login() =>
        Assert.False(BasicCredentials.TryParse(new StringValues(["Basic " + Encode("a:b"), "Basic " + Encode("a:b")]), out _));

    private static string Encode(string login) => Convert.ToBase64String(Encoding.UTF8.GetBytes(login));
}
