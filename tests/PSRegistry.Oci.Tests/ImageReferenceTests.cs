using CsCheck;

namespace PSRegistry.Oci.Tests;

public sealed class ImageReferenceTests
{
    private const string EmptySha256 = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly Gen<string> Registry =
        Gen.OneOf("", "localhost/", "localhost:5000/", "registry.example.com/", "r:1/", "127.0.0.1:65535/", "[::1]:5000/", "[::1]/");

    private static readonly Gen<string> Repository = Gen.OneOf("a", "library/nginx", "a__b/c-d/e", "tags/list", "0");
    private static readonly Gen<string> Tag = Gen.OneOf("", ":latest", ":Latest", ":v1.", ":_", ":5000");
    private static readonly Gen<string> Suffix = Gen.OneOf("", "@" + EmptySha256);

    private static readonly Gen<string> Valid = Gen.Select(Registry, Repository, Tag, Suffix, (host, name, tag, digest) => host + name + tag + digest);

    [Fact]
    public void Every_form_comes_back_as_it_was_written() => Gen.Select(Registry, Repository, Tag, Suffix).Sample((host, name, tag, digest) =>
    {
        var reference = ImageReference.Parse(host + name + tag + digest);
        Assert.Equal(host, reference.Registry is null ? "" : reference.Registry + "/");
        Assert.Equal(name, reference.Repository.ToString());
        Assert.Equal(tag, reference.Tag is null ? "" : ":" + reference.Tag);
        Assert.Equal(digest, reference.Digest is null ? "" : "@" + reference.Digest);
        Assert.Equal(host + name + tag + digest, reference.ToString());
    }, iter: 1000);

    [Fact]
    public void What_parses_reads_the_same_again() => Texts.Around(Valid, "ab.:/@-_[]01").Sample(text =>
    {
        if (!ImageReference.TryParse(text, out var reference))
            return;
        Assert.Equal(text, reference.ToString());
        Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
    }, iter: 2000);

    [Theory]
    [InlineData("nginx", null, "nginx")]
    [InlineData("library/nginx", null, "library/nginx")]
    [InlineData("localhost/nginx", "localhost", "nginx")]
    [InlineData("a.b/nginx", "a.b", "nginx")]
    [InlineData("a/b.c/nginx", null, "a/b.c/nginx")]
    [InlineData("host:5000/a/b", "host:5000", "a/b")]
    public void The_first_part_is_a_registry_when_docker_says_so(string text, string? registry, string repository)
    {
        var reference = ImageReference.Parse(text);
        Assert.Equal(registry, reference.Registry);
        Assert.Equal(repository, reference.Repository.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nginx")]
    [InlineData("Nginx")]
    [InlineData("nginx:")]
    [InlineData("nginx@")]
    [InlineData("nginx@sha256:abc")]
    [InlineData("nginx:a:b")]
    [InlineData("host:0/nginx")]
    [InlineData("host:65536/nginx")]
    [InlineData("host:/nginx")]
    [InlineData("host: 80/nginx")]
    [InlineData("fe80::1/nginx")]
    [InlineData("fe80::1:5000/nginx")]
    [InlineData("[::1/nginx")]
    [InlineData("user@host.example/nginx")]
    [InlineData("localhost/")]
    [InlineData("http://host.example/nginx")]
    [InlineData("host.example/../nginx")]
    public void What_is_no_image_is_refused_with_its_text(string? text)
    {
        Assert.False(ImageReference.TryParse(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => ImageReference.Parse(text!)).Message, StringComparison.Ordinal);
    }
}
