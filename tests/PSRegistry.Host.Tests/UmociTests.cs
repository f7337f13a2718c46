using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>Images that another tool made from scratch and takes apart again.</summary>
public sealed class UmociTests(ServedRegistry served) : IClassFixture<ServedRegistry>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_made_by_umoci_is_pushed_pulled_and_unpacked()
    {
        await using var skopeo = new Skopeo();
        await using var folder = new TemporaryFolder();
        var umoci = new Umoci();
        var (made, pulled) = (folder["made"], folder["pulled"]);
        await umoci.RunAsync(Token, "init", "--layout", made);
        await umoci.RunAsync(Token, "new", "--image", $"{made}:v1");
        await umoci.RunAsync(Token, "insert", "--rootless", "--image", $"{made}:v1", Peer.Require("busybox"), "/bin/busybox");
        await umoci.RunAsync(Token, "config", "--image", $"{made}:v1", "--config.cmd", "/bin/busybox", "--architecture", "amd64");

        var name = $"docker://{served.Process.Authority}/made/by/umoci:v1";
        await skopeo.CopyAsync($"oci:{made}:v1", name, Token, "--preserve-digests");
        await skopeo.CopyAsync(name, $"oci:{pulled}:v1", Token, "--preserve-digests");
        await umoci.RunAsync(Token, "unpack", "--rootless", "--image", $"{pulled}:v1", folder["bundle"]);

        Assert.Equal(TaggedDigest(made), TaggedDigest(pulled));
        Assert.Equal(
            ContentDescriptor.DigestOfFile(Peer.Require("busybox")),
            ContentDescriptor.DigestOfFile(folder["bundle", "rootfs", "bin", "busybox"]));
    }

    private static string TaggedDigest(string layout) =>
        (string)Assert.Single(JsonNode.Parse(File.ReadAllBytes(Path.Combine(layout, "index.json")))!["manifests"]!.AsArray())!["digest"]!;
}
