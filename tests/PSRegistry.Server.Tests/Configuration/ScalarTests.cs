using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>Scalars mean what they mean to the original's YAML library.</summary>
public sealed class ScalarTests
{
    [Theory]
    [InlineData("yes", true)]
    [InlineData("Y", true)]
    [InlineData("On", true)]
    [InlineData("TRUE", true)]
    [InlineData("!!bool 'true'", true)]
    [InlineData("no", false)]
    [InlineData("n", false)]
    [InlineData("OFF", false)]
    [InlineData("False", false)]
    public void Booleans_have_the_words_of_yaml_1_1(string text, bool value) =>
        Assert.Equal(value, Given.Variables(("REGISTRY_HTTP_RELATIVEURLS", text)).Clean().Http.RelativeUrls);

    [Theory]
    [InlineData("tRuE")]
    [InlineData("1")]
    [InlineData("'yes'")]
    [InlineData("!!str yes")]
    [InlineData("[yes]")]
    public void Nothing_else_is_a_boolean(string text) => Given.Variables(("REGISTRY_HTTP_RELATIVEURLS", text)).OnlyError();

    [Theory]
    [InlineData("yes")]
    [InlineData("0.10")]
    [InlineData("007")]
    [InlineData("null-ish")]
    public void A_text_key_takes_the_characters_as_written(string text) =>
        Assert.Equal(text, Given.Variables(("REGISTRY_HTTP_SECRET", text)).Clean().Http.Secret);

    [Theory]
    [InlineData("'~'", "~")]
    [InlineData("\"a\\tb\"", "a\tb")]
    [InlineData("abc # comment", "abc")]
    [InlineData("abc#no-comment", "abc#no-comment")]
    [InlineData("!!binary c2VjcmV0", "secret")]
    [InlineData("|\n  a\n  b\n", "a\nb\n")]
    public void A_text_is_yaml(string yaml, string text) => Assert.Equal(text, Given.Variables(("REGISTRY_HTTP_SECRET", yaml)).Clean().Http.Secret);

    [Theory]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("")]
    [InlineData("''")]
    public void Null_and_nothing_are_no_text(string yaml) => Assert.Null(Given.Variables(("REGISTRY_HTTP_SECRET", yaml)).Clean().Http.Secret);

    [Theory]
    [InlineData("16", 16)]
    [InlineData("+16", 16)]
    [InlineData("1_6", 16)]
    [InlineData("0x10", 16)]
    [InlineData("010", 8)]
    [InlineData("0o10", 8)]
    [InlineData("0b101", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("16.0", 16)]
    public void Integers_have_the_notations_of_go(string text, int value) =>
        Assert.Equal(value, Given.Variables(("REGISTRY_CATALOG_MAXENTRIES", text)).Clean().Catalog.MaxEntries);

    [Theory]
    [InlineData("1.5")]
    [InlineData("'16'")]
    [InlineData("0x")]
    [InlineData("99999999999")]
    [InlineData("9223372036854775808")]
    [InlineData(".inf")]
    [InlineData("1e400")]
    [InlineData("sixteen")]
    public void Nothing_else_is_an_integer(string text) => Given.Variables(("REGISTRY_CATALOG_MAXENTRIES", text)).OnlyError();

    [Theory]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("-5.5e-3")]
    [InlineData("1_0.5")]
    [InlineData("1E+4")]
    [InlineData("-.inf")]
    [InlineData("+.INF")]
    [InlineData(".NaN")]
    public void Numbers_with_fractions_are_real(string text) => Assert.Equal(ScalarType.Real, ScalarTypes.OfPlain(text));

    [Theory]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("e5")]
    [InlineData(".e5")]
    [InlineData("1.5e")]
    [InlineData("1.5e+")]
    [InlineData("1.5.5")]
    [InlineData("1.5s")]
    [InlineData("inf")]
    [InlineData("-.nan")]
    [InlineData(".iNF")]
    [InlineData("127.0.0.1:5000")]
    public void What_only_begins_like_a_number_is_text(string text) => Assert.Equal(ScalarType.Text, ScalarTypes.OfPlain(text));

    [Theory]
    [InlineData("168h", 604_800_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("500ms", 500)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData("2000us", 2)]
    [InlineData("2000µs", 2)]
    [InlineData("3000000ns", 3)]
    [InlineData(".5s", 500)]
    [InlineData("1.s", 1000)]
    [InlineData("+1s", 1000)]
    [InlineData("'0'", 0)]
    [InlineData("0", 0)]
    [InlineData("-0s", 0)]
    public void Durations_are_those_of_go(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Given.Variables(("REGISTRY_HTTP_DRAINTIMEOUT", text)).Clean().Http.DrainTimeout);

    [Theory]
    [InlineData("5d")]
    [InlineData("'60'")]
    [InlineData("1h 30m")]
    [InlineData("s")]
    [InlineData(".s")]
    [InlineData("1.2.3s")]
    [InlineData("5S")]
    [InlineData("-1s")]
    [InlineData("2562048h")]
    [InlineData("99999999999999999999999999999999s")]
    public void Nothing_else_is_a_duration(string text) => Given.Variables(("REGISTRY_HTTP_DRAINTIMEOUT", text)).OnlyError();

    [Fact]
    public void A_bare_number_is_nanoseconds_as_in_the_original_and_is_warned_of()
    {
        var result = Given.Variables(("REGISTRY_HTTP_DRAINTIMEOUT", "60000"));
        Assert.Equal("Write 60000s for seconds", result.OnlyWarning().Remedy);
        Assert.Equal(TimeSpan.FromMicroseconds(60), result.Configuration!.Http.DrainTimeout);
    }
}
