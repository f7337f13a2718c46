using System.Text.RegularExpressions;
using CsCheck;

namespace PSRegistry.Oci.Tests;

public sealed partial class TagTests
{
    private const string First = "azAZ09_";

    private static readonly Gen<string> Valid = Gen.Select(Texts.Of(First, 1, 1), Texts.Of(First + ".-", 0, 127), (first, more) => first + more);

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar { get; }

    [Fact]
    public void A_text_parses_exactly_when_the_grammar_says_so() => Texts.Around(Valid, First + ".-").Sample(text =>
    {
        Assert.Equal(Grammar.IsMatch(text), Tag.TryParse(text, out var tag));
        if (tag is not null)
            Assert.Equal(text, tag.ToString());
    }, iter: 3000);

    [Fact]
    public void An_accepted_tag_is_one_segment_that_goes_nowhere_else() => Texts.Around(Valid, First + "./-\\").Sample(text =>
    {
        if (!Tag.TryParse(text, out var tag))
            return;
        Assert.NotEqual('.', tag.ToString()[0]);
        Assert.DoesNotContain(tag.ToString(), character => character is '/' or '\\' or ':' || char.IsControl(character));
    }, iter: 3000);

    [Fact]
    public void Letter_case_makes_another_tag()
    {
        Assert.NotEqual(Tag.Parse("latest"), Tag.Parse("Latest"));
        Assert.Equal(Tag.Parse("latest"), Tag.Parse("latest"));
    }

    [Theory]
    [InlineData("v1.")]
    [InlineData("con")]
    [InlineData("_")]
    [InlineData("sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Odd_tags_are_tags(string text) => Assert.Equal(text, Tag.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-v")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a\n")]
    [InlineData("é")]
    public void What_is_no_tag_is_refused_with_the_rule(string? text)
    {
        Assert.False(Tag.TryParse(text, out _));
        Assert.Contains(Tag.Rule, Assert.Throws<FormatException>(() => Tag.Parse(text!)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_tag_has_128_characters_at_most(int length, bool valid) => Assert.Equal(valid, Tag.TryParse(new string('x', length), out _));
}
