using CsCheck;
using PSRegistry.Oci;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Tests.Http;

public sealed class RouteTests
{
    private static readonly string[] Parts = ["a", "blobs", "tags", "list", "manifests", "uploads", "referrers", "b-c", "d.e", "f__g"];

    private static readonly Gen<string> Name = Gen.Int[0, Parts.Length - 1].Array[1, 5].Select(numbers => string.Join('/', numbers.Select(number => Parts[number])));

    [Fact]
    public void A_route_gives_back_the_name_and_the_item_it_was_made_of() => Name.Sample(name =>
    {
        var digest = Digest.OfContent(new byte[] { 1 }).ToString();
        Check($"/v2/{name}/manifests/latest", RouteKind.Manifest, name, "latest");
        Check($"/v2/{name}/blobs/{digest}", RouteKind.Blob, name, digest);
        Check($"/v2/{name}/blobs/uploads/", RouteKind.Uploads, name, "");
        Check($"/v2/{name}/blobs/uploads/0c1d", RouteKind.Upload, name, "0c1d");
        Check($"/v2/{name}/tags/list", RouteKind.Tags, name, "");
        Check($"/v2/{name}/referrers/{digest}", RouteKind.Referrers, name, digest);
    });

    [Fact]
    public void No_path_is_too_strange_to_be_read() => Gen.String.Sample(path =>
    {
        var route = RegistryRoute.Parse("/v2/" + path);
        Assert.True(route.Name is null || RepositoryName.TryParse(route.NameText, out _));
    });

    [Fact]
    public void A_token_is_read_by_who_signed_it_and_by_nobody_after_a_change() => Gen.Select(Name, Gen.Long[0, long.MaxValue], Gen.Int[0, 1000]).Sample((name, offset, place) =>
    {
        byte[] secret = [1, 2, 3];
        var token = new UploadStateToken(name, "0c1d", offset, DateTimeOffset.UnixEpoch);
        var text = token.Pack(secret);
        Assert.Equal(token, UploadStateToken.Unpack(text, secret));
        Assert.Null(UploadStateToken.Unpack(text, [1, 2, 4]));
        var letters = text.TrimEnd('=').ToCharArray();
        var changed = place % (letters.Length - 1);
        letters[changed] = letters[changed] == 'A' ? 'B' : 'A';
        Assert.Null(UploadStateToken.Unpack(new string(letters), secret));
    });

    private static void Check(string path, RouteKind kind, string name, string item)
    {
        var route = RegistryRoute.Parse(path);
        Assert.Equal((kind, name, item), (route.Kind, route.Name?.ToString(), route.Item));
    }
}
