using System.Text;
using CsCheck;

namespace PSRegistry.Oci.Tests;

public sealed class ManifestTypeTests
{
    [Theory]
    [InlineData("""{"mediaType":"application/vnd.oci.image.index.v1+json"}""", MediaTypes.OciIndex)]
    [InlineData("""{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","manifests":[]}""", MediaTypes.DockerManifest)]
    [InlineData("""{"media\u0054ype":"a/b"}""", "a/b")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"mediaType":"a/b"}]}""", MediaTypes.OciIndex)]
    [InlineData("""{"schemaVersion":2,"layers":[{"manifests":[]}],"config":{"mediaType":"a/b"}}""", MediaTypes.OciManifest)]
    [InlineData("""{"mediaType":"","layers":[]}""", MediaTypes.OciManifest)]
    [InlineData("""{"mediaType":null,"manifests":null}""", MediaTypes.OciIndex)]
    [InlineData("""{"schemaVersion":1,"fsLayers":[],"signatures":[]}""", MediaTypes.DockerSchema1)]
    [InlineData("{}", MediaTypes.OciManifest)]
    [InlineData("[]", MediaTypes.OctetStream)]
    [InlineData("{", MediaTypes.OctetStream)]
    [InlineData("", MediaTypes.OctetStream)]
    [InlineData("\u001f\u008b", MediaTypes.OctetStream)]
    public void Stored_bytes_tell_their_type(string text, string type) => Assert.Equal(type, ManifestType.Sniff(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Random_bytes_have_some_type() => Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Char["{}[]\":,\\ud8002mediaTypeschVrno\u00ff "].Array[0, 60].Select(text => Encoding.Latin1.GetBytes("{\"" + new string(text))))
        .Sample(bytes => Assert.NotEmpty(ManifestType.Sniff(bytes)), iter: 4000);

    [Fact]
    public void What_is_accepted_is_later_told_to_be_of_the_same_type()
    {
        string[] texts =
        [
            """{"schemaVersion":2}""",
            """{"schemaVersion":2,"manifests":[]}""",
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json"}""",
            """{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}}""",
        ];
        string?[] declared = [null, MediaTypes.Json, MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerManifest, MediaTypes.DockerManifestList];
        foreach (var content in texts.Select(Encoding.UTF8.GetBytes))
        {
            foreach (var type in declared)
            {
                if (Manifest.TryParse(content, type, out var manifest, out _))
                    Assert.Equal(manifest.MediaType, ManifestType.Sniff(content));
            }
        }
    }
}
