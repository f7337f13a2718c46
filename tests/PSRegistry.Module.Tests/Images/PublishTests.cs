using System.IO.Compression;
using System.Management.Automation;
using System.Security.Cryptography;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

public sealed class PublishTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _layer = TestBytes.Make(5000);
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _registry.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task An_archive_is_published_under_its_own_name()
    {
        var path = TinyArchive.Write(_folder["app.tar"], _layer, "team/app:1.0");
        var published = Assert.Single(Publish($"'{path}'"));
        Assert.Equal($"{Registry}/team/app:1.0", published.ToString());
        Assert.Equal([Registry, "team/app", "1.0"], new[] { "Registry", "Repository", "Tag" }.Select(published.Get<string>));
        Assert.Equal(["linux/amd64"], published.Get<IReadOnlyList<string>>("Platforms"));
        Assert.InRange(published.Get<long>("Sent"), 1, published.Get<long>("Size"));
        var manifest = Assert.Single(_session.Run($"Get-RegistryManifest '{published}'"));
        Assert.Equal(published.Get<string>("Digest"), manifest.Get<string>("Digest"));
        Assert.Equal(TinyArchive.IdOf(_layer), manifest.Get<object>("Config").ToString());
        Assert.Equal(_layer, await LayerAsync(published, plain => new GZipStream(plain, CompressionMode.Decompress)));
    }

    [Theory]
    [InlineData("nginx:1.25", "nginx:1.25")]
    [InlineData("docker.io/library/nginx:1.25", "nginx:1.25")]
    [InlineData("ghcr.io/team/app:1.0", "team/app:1.0")]
    [InlineData("localhost:5001/a/b/c:x", "a/b/c:x")]
    [InlineData("team/app", "team/app:latest")]
    public void The_registry_of_a_name_is_replaced_or_put_in_front(string own, string published)
    {
        var path = TinyArchive.Write(_folder["app.tar"], _layer, own);
        Assert.Equal([$"{Registry}/{published}"], Publish($"'{path}'").Texts());
    }

    [Fact]
    public void Each_of_several_names_is_written_and_what_was_sent_is_counted_once()
    {
        var path = TinyArchive.Write(_folder["app.tar"], _layer, "app:1", "app:2", "other/app:1");
        var published = Publish($"'{path}'");
        Assert.Equal([$"{Registry}/app:1", $"{Registry}/app:2", $"{Registry}/other/app:1"], published.Texts());
        Assert.Single(published.Select(image => image.Get<string>("Digest")).Distinct());
        Assert.True(published[0].Get<long>("Sent") > 0);
        // Mounted, or there.
        Assert.All(published.Skip(1), image => Assert.Equal(0, image.Get<long>("Sent")));
    }

    [Fact]
    public void Repository_and_tags_are_given_anew()
    {
        var path = TinyArchive.Write(_folder["app.tar"], _layer, "app:1");
        Assert.Equal([$"{Registry}/team/new:1"], Publish($"'{path}' -Repository team/new").Texts());
        Assert.Equal([$"{Registry}/app:v2", $"{Registry}/app:latest"], Publish($"'{path}' -Tag v2, latest").Texts());
        path = TinyArchive.Write(_folder["nameless.tar"], _layer);
        Assert.Equal([$"{Registry}/x:y"], Publish($"'{path}' -Repository x -Tag y").Texts());
    }

    [Fact]
    public void Files_come_by_the_pipeline_with_names_by_property()
    {
        TinyArchive.Write(_folder["a[1].tar"], _layer, "a:1");
        TinyArchive.Write(_folder["b.tar"], TestBytes.Make(100), "b:1");
        Assert.Equal([$"{Registry}/a:1"], _session.Run($"[pscustomobject]@{{ PSPath = '{_folder["a[1].tar"]}' }} | Publish-RegistryImage -Registry {Registry}").Texts());
        Assert.Equal(
            [$"{Registry}/c:1", $"{Registry}/c:2"],
            _session.Run($$"""
                [pscustomobject]@{ Path = '{{_folder["b.tar"]}}'; Registry = '{{Registry}}'; Repository = 'c'; Tag = '1' },
                [pscustomobject]@{ Path = '{{_folder["b.tar"]}}'; Registry = '{{Registry}}'; Repository = 'c'; Tag = '2' } | Publish-RegistryImage
                """).Texts());
        Assert.Equal([$"{Registry}/a:1", $"{Registry}/b:1"], _session.Run($"'{_folder}/*.tar' | Publish-RegistryImage -Registry {Registry}").Texts());
    }

    [Theory]
    [InlineData("None", ".diff.tar")]
    [InlineData("Gzip", ".diff.tar.gzip")]
    [InlineData("Zstd", ".tar+zstd")]
    public async Task Layers_are_compressed_as_was_said(string compression, string type)
    {
        // More than one block.
        var content = TestBytes.Make(1_300_000);
        var path = TinyArchive.Write(_folder["app.tar"], content, "app:1");
        var published = Assert.Single(Publish($"'{path}' -Compression {compression}"));
        var layer = Assert.Single(_session.Run($"(Get-RegistryManifest '{published}').Layers"));
        Assert.EndsWith(type, layer.Get<string>("MediaType"), StringComparison.Ordinal);
        Assert.Equal(content, await LayerAsync(published, stored => compression switch
        {
            "None" => stored,
            "Gzip" => new GZipStream(stored, CompressionMode.Decompress),
            _ => new Server.RegistryServices().OpenDecompressor(stored),
        }));
    }

    [Theory]
    [InlineData("gzip", "gz")]
    [InlineData("zstd", "zst")]
    public async Task An_archive_that_is_compressed_as_a_whole_is_read(string program, string ending)
    {
        var path = TinyArchive.Write(_folder["app.tar"], _layer, "app:1");
        (await ProgramRun.OfAsync(new ProgramCommand(Peer.Require(program), ["-k", path]), Token)).MustExitWith(0);
        File.Delete(path);
        var published = Assert.Single(Publish($"'{path}.{ending}'"));
        Assert.Equal(_layer, await LayerAsync(published, plain => new GZipStream(plain, CompressionMode.Decompress)));
    }

    [Fact]
    public void Published_again_nothing_is_sent()
    {
        var path = TinyArchive.Write(_folder["app.tar"], _layer, "app:1");
        var first = Assert.Single(Publish($"'{path}'"));
        var second = Assert.Single(Publish($"'{path}'"));
        Assert.Equal((first.Get<string>("Digest"), first.Get<long>("Size"), 0), (second.Get<string>("Digest"), second.Get<long>("Size"), second.Get<long>("Sent")));
    }

    [Fact]
    public void What_was_published_goes_down_the_pipeline()
    {
        var path = TinyArchive.Write(_folder["app.tar"], _layer, "app:1");
        Assert.Equal("linux/amd64", Assert.Single(Publish($"'{path}' | Get-RegistryImage")).Get<string>("Platform"));
        Assert.Equal([$"{Registry}/app:2"], Publish($"'{path}' | Add-RegistryTag -NewTag 2").Texts());
        Publish($"'{path}' | Remove-RegistryTag");
        Assert.Equal(["2"], _session.Run($"Get-RegistryTag {Registry}/app | ForEach-Object Tag").Texts());
        Publish($"'{path}' | Remove-RegistryImage -Confirm:$false");
        Assert.Empty(_session.Run($"Get-RegistryTag {Registry}/app"));
    }

    [Fact]
    public void What_if_pushes_nothing()
    {
        var path = TinyArchive.Write(_folder["app.tar"], _layer, "app:1");
        Assert.Empty(Publish($"'{path}' -WhatIf"));
        Assert.DoesNotContain(_registry.LogLines, line => line.Contains("method=P", StringComparison.Ordinal));
        Assert.Empty(_session.Run($"Get-RegistryCatalog -Registry {Registry}"));
    }

    [Fact]
    public async Task The_original_registry_takes_it_too()
    {
        await using var data = new TemporaryFolder();
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = data.Path }, Token);
        var path = TinyArchive.Write(_folder["app.tar"], _layer, "app:1", "other:1");
        var published = _session.Run($"Publish-RegistryImage '{path}' -Registry {original.Authority}");
        Assert.Equal([$"{original.Authority}/app:1", $"{original.Authority}/other:1"], published.Texts());
        Assert.Equal(0, published[1].Get<long>("Sent"));
        Assert.Equal(TinyArchive.IdOf(_layer), Assert.Single(_session.Run($"Get-RegistryManifest '{published[1]}'")).Get<object>("Config").ToString());
    }

    private System.Collections.ObjectModel.Collection<PSObject> Publish(string arguments)
    {
        var parts = arguments.Split('|', 2);
        return _session.Run($"Publish-RegistryImage -Registry {Registry} {parts[0]}{(parts.Length > 1 ? "|" + parts[1] : "")}");
    }

    /// <summary>The plain bytes of the one layer that the registry has.</summary>
    private async Task<byte[]> LayerAsync(PSObject published, Func<Stream, Stream> open)
    {
        var digest = Assert.Single(_session.Run($"(Get-RegistryManifest '{published}').Layers")).ToString();
        using var http = new HttpClient { BaseAddress = _registry.Server.Uri };
        var stored = await http.GetByteArrayAsync(new Uri($"v2/{published.Get<string>("Repository")}/blobs/{digest}", UriKind.Relative), Token);
        Assert.Equal(digest, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(stored)));
        await using var plain = open(new MemoryStream(stored));
        using var bytes = new MemoryStream();
        await plain.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }
}
