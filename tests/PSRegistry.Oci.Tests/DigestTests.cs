using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace PSRegistry.Oci.Tests;

public sealed partial class DigestTests
{
    private const string HexDigits = "0123456789abcdef";

    private static readonly Gen<string> Valid = Gen.OneOf(
        Texts.Of(HexDigits, 64, 64).Select(hex => "sha256:" + hex),
        Texts.Of(HexDigits, 96, 96).Select(hex => "sha384:" + hex),
        Texts.Of(HexDigits, 128, 128).Select(hex => "sha512:" + hex));

    [GeneratedRegex(@"\A(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar { get; }

    [Fact]
    public void A_text_parses_exactly_when_the_grammar_says_so() => Texts.Around(Valid, HexDigits + "sha:AF").Sample(text =>
    {
        Assert.Equal(Grammar.IsMatch(text), Digest.TryParse(text, out var digest));
        if (digest is not null)
            Assert.Equal(text, digest.ToString());
    }, iter: 3000);

    [Fact]
    public void Parts_put_together_are_the_text() => Valid.Sample(text =>
    {
        var digest = Digest.Parse(text);
        Assert.Equal(text, $"{digest.Algorithm.Name}:{digest.Hex}");
        Assert.Equal(digest, Digest.FromHash(digest.Algorithm, Convert.FromHexString(digest.Hex)));
        Assert.Equal(digest.GetHashCode(), Digest.Parse(text).GetHashCode());
    });

    [Fact]
    public void Order_is_the_byte_order_of_the_texts() => Gen.Select(Valid, Valid).Sample((left, right) =>
    {
        var (a, b) = (Digest.Parse(left), Digest.Parse(right));
        var order = Math.Sign(string.CompareOrdinal(left, right));
        Assert.Equal(order, Math.Sign(a.CompareTo(b)));
        Assert.Equal((order < 0, order <= 0, order > 0, order >= 0), (a < b, a <= b, a > b, a >= b));
        Assert.Equal(left == right, a == b);
        Assert.Equal(left != right, a != b);
    });

    [Fact]
    public void A_running_hash_ends_as_the_hash_of_the_whole() =>
        Gen.Select(Gen.OneOf([.. DigestAlgorithm.All]), Gen.Byte.Array[0, 300], Gen.Int[0, 300]).Sample((algorithm, content, cut) =>
        {
            using var hash = algorithm.CreateHash();
            hash.AppendData(content.AsSpan(0, Math.Min(cut, content.Length)));
            _ = algorithm.Finish(hash);
            hash.AppendData(content.AsSpan(Math.Min(cut, content.Length)));
            Assert.Equal(algorithm.Compute(content), algorithm.Finish(hash));
        });

    [Theory]
    [InlineData("sha256", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha384", "sha384:cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")]
    [InlineData("sha512", "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    public void The_hash_of_abc_is_the_published_one(string algorithm, string digest) =>
        Assert.Equal(digest, DigestAlgorithm.Find(algorithm)!.Compute(Encoding.ASCII.GetBytes("abc")).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("sha256+b64:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void What_is_no_digest_is_refused_with_its_text(string? text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => Digest.Parse(text!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hash_of_another_length_makes_no_digest() =>
        Assert.Throws<ArgumentException>(() => Digest.FromHash(DigestAlgorithm.Sha256, new byte[48]));
}
