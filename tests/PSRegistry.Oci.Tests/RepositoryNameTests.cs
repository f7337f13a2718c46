using System.Text.RegularExpressions;
using CsCheck;

namespace PSRegistry.Oci.Tests;

public sealed partial class RepositoryNameTests
{
    private const string Alphabet = "ab09._-/";

    private static readonly Gen<string> Component = Gen.Select(
        Texts.Of("az09", 1, 4),
        Gen.Select(Gen.OneOf(".", "_", "__", "-", "--", "-----"), Texts.Of("az09", 1, 4), (separator, word) => separator + word).Array[0, 2],
        (first, more) => first + string.Concat(more));

    private static readonly Gen<string> Valid = Component.Array[1, 5].Select(components => string.Join('/', components));

    // OCI distribution spec 1.1, "Pulling manifests", word for word.
    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar { get; }

    [Fact]
    public void A_text_parses_exactly_when_the_grammar_says_so() => Texts.Around(Valid, Alphabet).Sample(text =>
    {
        Assert.Equal(Grammar.IsMatch(text) && text.Length <= 255, RepositoryName.TryParse(text, out var name));
        if (name is not null)
            Assert.Equal(text, name.ToString());
    }, iter: 2000);

    [Fact]
    public void An_accepted_name_never_climbs_hides_or_meets_what_the_registry_keeps_beside_it() => Texts.Around(Valid, Alphabet).Sample(text =>
    {
        if (!RepositoryName.TryParse(text, out var name))
            return;
        foreach (var component in name.ToString().Split('/'))
        {
            Assert.True(RepositoryName.IsComponent(component));
            Assert.NotEmpty(component);
            Assert.DoesNotContain(component[0], "._-");
            Assert.DoesNotContain(component[^1], "._-");
            Assert.DoesNotContain(component, character => char.IsUpper(character) || character is '\\' or ':' or '\0' || char.IsControl(character));
        }
    }, iter: 2000);

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void A_name_has_255_characters_at_most(int length, bool valid)
    {
        Assert.Equal(valid, RepositoryName.TryParse(new string('a', length), out _));
        Assert.Equal(valid, RepositoryName.TryParse(string.Concat(Enumerable.Repeat("a/", 127)) + new string('b', length - 254), out _));
    }

    [Theory]
    [InlineData("blobs/uploads/tags/list")]
    [InlineData("con/aux/nul/com1")]
    [InlineData("a__b/c---d/e.f_g")]
    [InlineData("0")]
    public void Words_of_routes_and_of_windows_are_names_as_others(string text) => Assert.Equal(text, RepositoryName.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("_psregistry")]
    [InlineData("a/_layers")]
    [InlineData("a___b")]
    [InlineData("a..b")]
    [InlineData("a._b")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    public void What_is_no_name_is_refused_with_the_rule(string? text)
    {
        Assert.False(RepositoryName.TryParse(text, out _));
        Assert.Contains(RepositoryName.Rule, Assert.Throws<FormatException>(() => RepositoryName.Parse(text!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_equal_when_their_texts_are() => Gen.Select(Component, Component).Sample((left, right) =>
    {
        var (a, b) = (RepositoryName.Parse(left), RepositoryName.Parse(right));
        Assert.Equal(left == right, a == b);
        Assert.Equal(left == right, a.Equals((object)b));
        Assert.Equal(a.GetHashCode(), RepositoryName.Parse(left).GetHashCode());
    });
}
