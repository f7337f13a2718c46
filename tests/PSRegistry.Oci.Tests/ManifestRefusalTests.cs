using System.Text;
using CsCheck;

namespace PSRegistry.Oci.Tests;

public sealed class ManifestRefusalTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Blob = $$"""{"mediaType":"a/b","digest":"{{Digest}}","size":7}""";
    private const string Image = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{Blob}},"layers":[{{Blob}}]}""";
    private const string Index = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{Blob}}]}""";

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("hello", "not valid JSON")]
    [InlineData("{\"schemaVersion\":2,}", "not valid JSON")]
    [InlineData("{\"schemaVersion\":2} {}", "not valid JSON")]
    [InlineData("\uFEFF{\"schemaVersion\":2}", "not valid JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("null", "JSON object")]
    [InlineData("\"text\"", "JSON object")]
    [InlineData("{}", "\"schemaVersion\" is missing")]
    [InlineData("{\"schemaVersion\":\"2\"}", "\"schemaVersion\" is missing or not a number")]
    [InlineData("{\"schemaVersion\":3}", "\"schemaVersion\" is 3")]
    [InlineData("{\"schemaVersion\":1,\"name\":\"a\",\"tag\":\"b\",\"fsLayers\":[]}", "schema 1")]
    [InlineData("{\"schemaVersion\":2}", "\"config\" is missing")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":7}", "\"mediaType\" must be a string")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.artifact.manifest.v1+json\"}", "no type of manifest known here")]
    [InlineData("{\"schemaVersion\":2,\"schemaVersion\":2}", "not valid JSON")]
    public void What_is_no_manifest_is_refused_by_its_reason(string text, string reason) => Refused(text, null, reason);

    [Theory]
    [InlineData(MediaTypes.OciIndex, "must be equal")]
    [InlineData(MediaTypes.DockerManifest, "must be equal")]
    [InlineData("text/plain", "must be equal")]
    public void A_content_type_that_differs_from_the_mediaType_is_refused(string declared, string reason) => Refused(Image, declared, reason);

    [Theory]
    [InlineData(MediaTypes.DockerManifest, "must say so")]
    [InlineData(MediaTypes.DockerManifestList, "must say so")]
    [InlineData(MediaTypes.DockerSchema1, "no type of manifest known here")]
    [InlineData("text/plain", "no type of manifest known here")]
    public void A_content_type_that_the_text_does_not_carry_out_is_refused(string declared, string reason) =>
        Refused($$"""{"schemaVersion":2,"config":{{Blob}},"layers":[]}""", declared, reason);

    // CVE-2021-41190: one digest, two meanings.
    [Theory]
    [InlineData(Image, "manifests")]
    [InlineData(Image, "fsLayers")]
    [InlineData(Image, "history")]
    [InlineData(Index, "layers")]
    [InlineData(Index, "config")]
    [InlineData(Index, "fsLayers")]
    public void A_text_that_could_be_an_image_and_an_index_is_refused(string text, string property)
    {
        Refused($"{text[..^1]},\"{property}\":[]}}", null, $"must not have \"{property}\"");
        Refused($"{text[..^1]},\"{property}\":null}}", null, $"must not have \"{property}\"");
        Refused($$"""{"schemaVersion":2,"config":{{Blob}},"layers":[],"manifests":[]}""", null, "must not have");
    }

    [Fact]
    public void An_index_must_list_manifests_or_it_would_be_an_image_to_who_reads_it_later() =>
        Refused("""{"schemaVersion":2}""", MediaTypes.OciIndex, "\"manifests\" is missing");

    [Theory]
    [InlineData("layers", "7", "\"layers\" must be a list")]
    [InlineData("layers", "{}", "\"layers\" must be a list")]
    [InlineData("layers", "[7]", "\"layers[0]\" must be an object")]
    [InlineData("layers", "[null]", "\"layers[0]\" must be an object")]
    [InlineData("layers", "[{}]", "\"layers[0].mediaType\" is missing")]
    [InlineData("layers", """[{"mediaType":"a/b"}]""", "\"layers[0].digest\" is missing")]
    [InlineData("layers", """[{"mediaType":"a/b","digest":"sha256:abc"}]""", "'sha256:abc', which is no digest")]
    [InlineData("layers", $$"""[{{Blob}},{"mediaType":"a/b","digest":"{{Digest}}"}]""", "\"layers[1].size\"")]
    [InlineData("layers", $$"""[{"mediaType":"a/b","digest":"{{Digest}}","size":-1}]""", "\"layers[0].size\"")]
    [InlineData("layers", $$"""[{"mediaType":"a/b","digest":"{{Digest}}","size":1.5}]""", "\"layers[0].size\"")]
    [InlineData("layers", $$"""[{"mediaType":"a/b","digest":"{{Digest}}","size":"7"}]""", "\"layers[0].size\"")]
    [InlineData("layers", $$"""[{"mediaType":"a/b","digest":"{{Digest}}","size":99999999999999999999}]""", "\"layers[0].size\"")]
    [InlineData("layers", $$"""[{"mediaType":"a/b","digest":"{{Digest}}","size":1,"urls":"x"}]""", "\"layers[0].urls\"")]
    [InlineData("layers", $$"""[{"mediaType":"a/b","digest":"{{Digest}}","size":1,"urls":[7]}]""", "\"layers[0].urls\"")]
    [InlineData("layers", $$$"""[{"mediaType":"a/b","digest":"{{{Digest}}}","size":1,"annotations":{"k":7}}]""", "\"layers[0].annotations\"")]
    [InlineData("layers", $$"""[{"mediaType":"a/b","digest":"{{Digest}}","size":1,"platform":[]}]""", "\"layers[0].platform\"")]
    [InlineData("layers", $$"""[{"mediaType":"a/b","digest":"{{Digest}}","size":1,"size":1}]""", "not valid JSON")]
    [InlineData("config", "null", "\"config\" is missing")]
    [InlineData("config", "[]", "\"config\" must be an object")]
    [InlineData("subject", "7", "\"subject\" must be an object")]
    [InlineData("annotations", "[]", "\"annotations\" must be an object")]
    [InlineData("annotations", "{\"k\":null}", "\"annotations\" may hold strings only")]
    [InlineData("artifactType", "7", "\"artifactType\" must be a string")]
    public void A_wrong_property_is_named_with_its_place(string property, string value, string reason)
    {
        var properties = new Dictionary<string, string> { ["schemaVersion"] = "2", ["config"] = Blob, ["layers"] = "[]", [property] = value };
        Refused("{" + string.Join(',', properties.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}", null, reason);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_overflows_no_stack()
    {
        Refused($"{Image[..^1]},\"x\":{new string('[', 100)}{new string(']', 100)}}}", null, "not valid JSON");
        Refused(new string('[', 1_000_000), null, "not valid JSON");
    }

    [Theory]
    [InlineData("\"mediaType\":\"\\ud800\"")]
    [InlineData("\"artifactType\":\"\\udc00x\"")]
    [InlineData("\"annotations\":{\"\\ud800\":\"x\"}")]
    [InlineData("\"annotations\":{\"x\":\"\\ud800\"}")]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"mediaType\":\"a\u00ff\"")]
    [InlineData("\"annotations\":{\"a\u00ff\":\"x\"}")]
    public void Text_that_is_no_unicode_is_a_refusal_and_no_fault_of_the_server(string property)
    {
        // Latin-1 makes the last ones invalid as UTF-8.
        var content = Encoding.Latin1.GetBytes($$"""{"schemaVersion":2,"config":{{Blob}},"layers":[],{{property}}}""");
        _ = ManifestType.Sniff(content);
        Assert.False(Manifest.TryParse(content, null, out _, out var fault));
        Assert.Contains("UTF", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_bytes_come_they_are_taken_or_refused() =>
        Gen.Select(Gen.OneOf(Image, Index), Gen.Int[0, 1000], Gen.Byte.Array[0, 6], Gen.Int[0, 6]).Sample((text, at, bytes, cut) =>
        {
            var content = Encoding.UTF8.GetBytes(text);
            at %= content.Length;
            byte[] damaged = [.. content[..at], .. bytes, .. content[Math.Min(content.Length, at + cut)..]];
            Assert.True(Manifest.TryParse(damaged, null, out _, out var fault) || fault.Length > 0);
            _ = ManifestType.Sniff(damaged);
        }, iter: 2000);

    private static void Refused(string text, string? declared, string reason)
    {
        Assert.False(Manifest.TryParse(Encoding.UTF8.GetBytes(text), declared, out var manifest, out var fault));
        Assert.Null(manifest);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }
}
