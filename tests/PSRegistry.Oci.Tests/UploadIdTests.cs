using System.Text.RegularExpressions;
using CsCheck;

namespace PSRegistry.Oci.Tests;

public sealed partial class UploadIdTests
{
    private const string Alphabet = "azAZ09_=-.";

    private static readonly Gen<string> Valid = Gen.OneOf(Gen.Guid.Select(id => id.ToString("D")), Texts.Of(Alphabet, 1, 128).Where(text => text[0] != '.'));

    // The original's route, less the ids that would climb or hide.
    [GeneratedRegex(@"\A(?!\.)[a-zA-Z0-9\-_.=]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar { get; }

    [Fact]
    public void A_text_parses_exactly_when_the_grammar_says_so() => Texts.Around(Valid, Alphabet + "/").Sample(text =>
    {
        Assert.Equal(Grammar.IsMatch(text), UploadId.TryParse(text, out var id));
        if (id is not null)
            Assert.Equal(text, id.ToString());
    }, iter: 3000);

    [Fact]
    public void A_new_id_is_a_uuid_and_never_the_same()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => UploadId.Create()).ToList();
        Assert.Equal(1000, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(Guid.TryParseExact(id.ToString(), "D", out _)));
        Assert.All(ids, id => Assert.True(UploadId.TryParse(id.ToString(), out var again) && again.Equals(id) && again.GetHashCode() == id.GetHashCode()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0")]
    public void What_could_leave_its_folder_is_no_id(string text) => Assert.False(UploadId.TryParse(text, out _));
}
