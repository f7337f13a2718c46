using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PSRegistry.Benchmarks.Comparison.Growth;

/// <summary>
/// Makes a store large without pushing: repositories that are listed and hold nothing, tags that all name one image, blobs that nobody
/// will ask for. Nothing that is put here can be told from what pushes leave by looking at names, which is all that size costs.
/// </summary>
/// <param name="Root">The data folder of a registry.</param>
internal sealed record GrownStore(string Root)
{
    private const int RepositoriesOfATeam = 100;

    private string Tree => Path.Combine(Root, "docker", "registry", "v2");

    /// <summary>Folders and small files take a block and an inode each.</summary>
    public static long Entries(CompareOptions options) =>
        (3L * options.GrowthRepositories) + (2L * options.GrowthTags) + options.GrowthBlobs;

    /// <summary>Adds all of it.</summary>
    public void Grow(CompareOptions options, CancellationToken cancellationToken)
    {
        for (var i = 0; i < options.GrowthRepositories; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddRepository(string.Create(CultureInfo.InvariantCulture, $"team{i / RepositoriesOfATeam:D5}/app{i % RepositoriesOfATeam:D2}"));
        }
        AddTags(options.GrowthTags, cancellationToken);
        AddBlobs(options.GrowthBlobs, cancellationToken);
    }

    private void AddRepository(string name)
    {
        Directory.CreateDirectory(Path.Combine(Tree, "repositories", name, "_layers"));
        Directory.CreateDirectory(Path.Combine(Tree, "repositories", name, "_manifests"));
    }

    private void AddTags(int count, CancellationToken cancellationToken)
    {
        var links = new HardLink(Root, Content.ImageDigest);
        var tags = Path.Combine(Tree, "repositories", Content.Tags, "_manifests", "tags");
        // "latest", which was pushed, is one of them.
        for (var i = 1; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var current = Path.Combine(tags, string.Create(CultureInfo.InvariantCulture, $"v1.{i:D6}"), "current");
            Directory.CreateDirectory(current);
            links.Add(Path.Combine(current, "link"));
        }
    }

    private void AddBlobs(int count, CancellationToken cancellationToken)
    {
        var data = new HardLink(Root, "nobody asks for these bytes");
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture))));
            var folder = Path.Combine(Tree, "blobs", "sha256", hex[..2], hex);
            Directory.CreateDirectory(folder);
            data.Add(Path.Combine(folder, "data"));
        }
    }
}
