namespace PSRegistry.Oci.Tests;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData(";charset=utf-8", null)]
    [InlineData("a/b", "a/b")]
    [InlineData(" a/b ", "a/b")]
    [InlineData("a/b; charset=utf-8", "a/b")]
    [InlineData("a/b ;x=1;y=2", "a/b")]
    public void Parameters_are_no_part_of_a_type(string? contentType, string? type) => Assert.Equal(type, MediaTypes.WithoutParameters(contentType));

    [Theory]
    [InlineData(MediaTypes.OciManifest, true, false)]
    [InlineData(MediaTypes.DockerManifest, true, false)]
    [InlineData(MediaTypes.OciIndex, false, true)]
    [InlineData(MediaTypes.DockerManifestList, false, true)]
    [InlineData(MediaTypes.DockerSchema1, false, false)]
    [InlineData(MediaTypes.OctetStream, false, false)]
    [InlineData(null, false, false)]
    public void A_manifest_is_an_image_or_an_index(string? type, bool image, bool index)
    {
        Assert.Equal(image, MediaTypes.IsImage(type));
        Assert.Equal(index, MediaTypes.IsIndex(type));
        Assert.Equal(image || index, MediaTypes.IsManifest(type));
    }

    [Theory]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", true)]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar", true)]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", true)]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip", false)]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.gzip", false)]
    public void Foreign_layers_are_known_by_their_type(string type, bool foreign) => Assert.Equal(foreign, MediaTypes.IsForeignLayer(type));
}
