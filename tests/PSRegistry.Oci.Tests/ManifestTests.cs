using System.Text;

namespace PSRegistry.Oci.Tests;

public sealed class ManifestTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Layer = $$"""{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:{{Hex}}","size":7}""";
    private const string Config = $$"""{"mediaType":"{{MediaTypes.OciConfig}}","digest":"sha256:{{Hex}}","size":2}""";
    private const string Child = $$$"""{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"sha256:{{{Hex}}}","size":9,"platform":{"os":"linux","architecture":"arm","variant":"v7"}}""";

    [Theory]
    [InlineData(MediaTypes.OciManifest)]
    [InlineData(MediaTypes.DockerManifest)]
    public void An_image_has_a_config_and_layers(string type)
    {
        var manifest = Parse($$"""{"schemaVersion":2,"mediaType":"{{type}}","config":{{Config}},"layers":[{{Layer}},{{Layer}}]}""", type);
        Assert.Equal(type, manifest.MediaType);
        Assert.False(manifest.IsIndex);
        Assert.Equal(MediaTypes.OciConfig, manifest.Config!.MediaType);
        Assert.Equal(2, manifest.Config.Size);
        Assert.Equal(["sha256:" + Hex, "sha256:" + Hex], manifest.Layers.Select(layer => layer.Digest.ToString()));
        Assert.Empty(manifest.Manifests);
        Assert.Null(manifest.Subject);
    }

    [Theory]
    [InlineData(MediaTypes.OciIndex)]
    [InlineData(MediaTypes.DockerManifestList)]
    public void An_index_has_manifests_with_platforms(string type)
    {
        var manifest = Parse($$"""{"schemaVersion":2,"mediaType":"{{type}}","manifests":[{{Child}}]}""", type);
        Assert.True(manifest.IsIndex);
        Assert.Null(manifest.Config);
        Assert.Equal("linux/arm/v7", Assert.Single(manifest.Manifests).Platform!.ToString());
        Assert.Null(manifest.EffectiveArtifactType);
    }

    [Theory]
    [InlineData("application/vnd.example.config+json")]
    [InlineData("application/vnd.oci.empty.v1+json")]
    public void An_artifact_may_have_any_config_and_it_names_the_artifact_type(string config)
    {
        var text = $$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","config":{"mediaType":"{{{config}}}","digest":"sha256:{{{Hex}}}","size":2},"layers":[{{{Layer}}}]""";
        Assert.Equal(config, Parse(text + "}").EffectiveArtifactType);
        Assert.Equal(config, Parse(text + ",\"artifactType\":\"\"}").EffectiveArtifactType);
        Assert.Equal("application/x", Parse(text + ",\"artifactType\":\"application/x\"}").EffectiveArtifactType);
    }

    [Fact]
    public void Subject_annotations_urls_and_data_of_descriptors_are_read()
    {
        var manifest = Parse(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","config":{{{Config}}},"layers":[
              {"mediaType":"a/b","digest":"sha256:{{{Hex}}}","size":0,"urls":["https://example.com/x"],"annotations":{"k":"v"},"artifactType":"c/d","data":"e30="}],
             "subject":{{{Child}}},"annotations":{"one":"1","two":""}}
            """);
        Assert.Equal(MediaTypes.OciManifest, manifest.Subject!.MediaType);
        Assert.Equal([("one", "1"), ("two", "")], manifest.Annotations.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        var layer = Assert.Single(manifest.Layers);
        Assert.Equal(["https://example.com/x"], layer.Urls);
        Assert.Equal("v", layer.Annotations["k"]);
        Assert.Equal("c/d", layer.ArtifactType);
    }

    [Fact]
    public void Null_is_nothing()
    {
        var manifest = Parse(
            $$"""{"schemaVersion":2,"mediaType":null,"config":{{Config}},"layers":null,"subject":null,"annotations":null,"artifactType":null}""");
        Assert.Empty(manifest.Layers);
        Assert.Null(manifest.Subject);
        Assert.Empty(manifest.Annotations);
        Assert.Empty(Parse("""{"schemaVersion":2,"manifests":null}""").Manifests);
    }

    [Theory]
    [InlineData("manifests", null, MediaTypes.OciIndex)]
    [InlineData("manifests", MediaTypes.OciIndex, MediaTypes.OciIndex)]
    [InlineData("layers", null, MediaTypes.OciManifest)]
    [InlineData("layers", MediaTypes.OctetStream, MediaTypes.OciManifest)]
    [InlineData("layers", MediaTypes.Json, MediaTypes.OciManifest)]
    [InlineData("layers", MediaTypes.OciManifest, MediaTypes.OciManifest)]
    public void Without_a_mediaType_the_shape_tells(string list, string? declared, string type)
    {
        var config = list == "layers" ? $"\"config\":{Config}," : "";
        Assert.Equal(type, Parse($$"""{"schemaVersion":2,{{config}}"{{list}}":[]}""", declared).MediaType);
    }

    [Fact]
    public void Unknown_properties_are_left_alone()
    {
        var text = $$$"""{"schemaVersion":2,"config":{{{Config}}},"layers":[{{{Layer}}}],"x":{"y":[1,null,{"z":true}]},"signature":"s"}""";
        var manifest = Parse(text);
        Assert.Equal(text, Encoding.UTF8.GetString(manifest.Content.Span));
    }

    internal static Manifest Parse(string text, string? declared = null)
    {
        Assert.True(Manifest.TryParse(Encoding.UTF8.GetBytes(text), declared, out var manifest, out var fault), fault);
        Assert.Null(fault);
        return manifest;
    }
}
