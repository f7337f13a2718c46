using System.IO.Compression;
using System.Management.Automation;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

public sealed class SaveTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly RealImages _images = new();
    private readonly Skopeo _skopeo = new();
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _folder = new();
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(_data);
        await _skopeo.CopyAsync((await _images.BusyboxAsync()).Reference, $"docker://{Registry}/team/box:1.0", Token);
        await _skopeo.CopyAsync((await _images.MultiPlatformAsync()).Reference, $"docker://{Registry}/team/multi:v1", Token, "--all");
        _session.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_folder}')");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _skopeo.DisposeAsync();
        await _images.DisposeAsync();
        await _registry.DisposeAsync();
        await _folder.DisposeAsync();
        await _data.DisposeAsync();
    }

    [Theory]
    [InlineData("", "team.box_1.0.tar")]
    [InlineData("-Compress", "team.box_1.0.tar.gz")]
    [InlineData("-Path ./saved/ -Format OciArchive", "saved/team.box_1.0.tar")]
    [InlineData("-Format OciLayout", "team.box_1.0")]
    [InlineData("-Path new/box.tgz", "new/box.tgz")]
    public void A_file_is_named_as_scripts_around_docker_name_it(string arguments, string file)
    {
        var archive = Assert.Single(_session.Run($"Save-RegistryImage {Registry}/team/box:1.0 {arguments}"));
        Assert.Equal(_folder[file], archive.ToString());
        Assert.Equal(_folder[file], archive.Get<string>("FullName"));
        Assert.IsType<FileSystemInfo>(archive.Get<object>("File"), exactMatch: false);
        Assert.Equal([$"{Registry}/team/box:1.0"], archive.Get<IEnumerable<object>>("Images").Select(image => image.ToString()));
        Assert.Equal(Path.GetFileName(file), Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_folder[file])!).Select(Path.GetFileName)));
        if (file.EndsWith("gz", StringComparison.Ordinal))
            Assert.Equal([0x1f, 0x8b], File.ReadAllBytes(_folder[file])[..2]);
    }

    [Fact]
    public void A_digest_names_a_file_as_well()
    {
        var digest = Assert.Single(_session.Run($"Get-RegistryManifest {Registry}/team/box:1.0")).Get<string>("Digest");
        Assert.Equal(_folder[$"team.box_{digest.Replace(':', '_')}.tar"], Assert.Single(_session.Run($"Save-RegistryImage {Registry}/team/box@{digest}")).ToString());
    }

    [Theory]
    [InlineData("OciArchive", "oci-archive", "all.tar")]
    [InlineData("OciArchive", "oci-archive", "all.tar.gz")]
    [InlineData("OciLayout", "oci", "all")]
    public async Task A_layout_keeps_every_digest(string format, string transport, string file)
    {
        var archive = Assert.Single(_session.Run($"Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag | Save-RegistryImage -Path {file} -Format {format}"));
        Assert.Equal(2, archive.Get<IEnumerable<object>>("Images").Count());
        await using var back = await TestRegistry.StartAsync();
        foreach (var image in new[] { "team/box:1.0", "team/multi:v1" })
        {
            await _skopeo.CopyAsync($"{transport}:{_folder[file]}:{Registry}/{image}", $"docker://{back.Server.Uri.Authority}/{image}", Token, "--all");
            Assert.Equal(await _skopeo.InspectRawAsync($"docker://{Registry}/{image}", Token), await _skopeo.InspectRawAsync($"docker://{back.Server.Uri.Authority}/{image}", Token));
        }
    }

    [Fact]
    public async Task A_layout_is_one_to_umoci()
    {
        _session.Run($"$null = Save-RegistryImage {Registry}/team/box:1.0 ./layout -Format OciLayout");
        var layout = ImageLayout.Open(_folder["layout"]);
        Assert.Equal(layout.HashBlobs(), Directory.EnumerateFiles(_folder["layout", "blobs", "sha256"]).Select(file => "sha256:" + Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Contains($"{Registry}/team/box:1.0", (await new Umoci().RunAsync(Token, "ls", "--layout", _folder["layout"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_docker_archive_keeps_config_and_layers()
    {
        _session.Run($"$null = Save-RegistryImage {Registry}/team/box:1.0 box.tar; $null = Save-RegistryImage {Registry}/team/box:1.0 box.tar.gz");
        await using (var gzip = new GZipStream(File.OpenRead(_folder["box.tar.gz"]), CompressionMode.Decompress))
        {
            using var plain = new MemoryStream();
            await gzip.CopyToAsync(plain, Token);
            Assert.Equal(await File.ReadAllBytesAsync(_folder["box.tar"], Token), plain.ToArray());
        }
        await _skopeo.CopyAsync($"docker-archive:{_folder["box.tar"]}", $"oci:{_folder["back"]}:x", Token);
        var saved = JsonNode.Parse(await _skopeo.InspectRawAsync($"oci:{_folder["back"]}:x", Token))!;
        var original = JsonNode.Parse(await _skopeo.InspectRawAsync($"docker://{Registry}/team/box:1.0", Token))!;
        // skopeo makes a manifest of its own, over a config that it rewrites; what both say of the layers stays.
        Assert.Equal(DiffIds((string)saved["config"]!["digest"]!, _folder["back"]), DiffIds((string)original["config"]!["digest"]!, (await _images.BusyboxAsync()).Layout.Folder));
    }

    [Fact]
    public async Task Several_images_in_one_archive_are_loaded_by_docker()
    {
        await using var docker = await Dockerd.StartAsync(Token);
        _session.Run($"$null = Add-RegistryTag {Registry}/team/box:1.0 stable");
        _session.Run($"$null = Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag | Save-RegistryImage -Path all.tar.gz -Platform linux/amd64");
        (await docker.RunAsync(Token, "load", "-i", _folder["all.tar.gz"])).MustExitWith(0);
        foreach (var image in new[] { "team/box:1.0", "team/box:stable", "team/multi:v1" })
        {
            var id = (await docker.RunAsync(Token, "image", "inspect", "-f", "{{.Id}}", $"{Registry}/{image}")).MustExitWith(0).Output.Trim();
            var config = Assert.Single(_session.Run($"Get-RegistryImage {Registry}/{image} -Platform linux/amd64 | Get-RegistryManifest | ForEach-Object {{ $_.Config.Digest }}"));
            Assert.Equal(config.ToString(), id);
        }
    }

    [Fact]
    public async Task A_data_folder_and_the_original_are_saved_like_our_server()
    {
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = _data.Path }, Token);
        var sources = new[] { $"{Registry}/team/multi:v1", $"{original.Authority}/team/multi:v1", $"team/multi:v1 -DataPath '{_data}'" };
        var digests = sources.Select((source, i) => Assert.Single(_session.Run($"(Save-RegistryImage {source} -Path {i}.tar -Format OciArchive).Images.Digest")).ToString());
        Assert.Equal((await _images.MultiPlatformAsync()).Manifest.Digest, Assert.Single(digests.Distinct()));
        Assert.Equal("team/multi:v1", Assert.Single(_session.Run($"(Save-RegistryImage team/multi:v1 -DataPath '{_data}').Images.Name")).ToString());
    }

    [Theory]
    [InlineData("DockerArchive -Compress")]
    [InlineData("OciArchive")]
    [InlineData("OciLayout")]
    public async Task What_is_saved_goes_on_to_be_published(string format)
    {
        await using var other = await TestRegistry.StartAsync();
        Assert.Equal(
            [$"{other.Server.Uri.Authority}/team/box:1.0"],
            _session.Run($"Save-RegistryImage {Registry}/team/box:1.0 -Format {format} | Publish-RegistryImage -Registry {other.Server.Uri.Authority}").Texts());
        Assert.Equal(
            Assert.Single(_session.Run($"(Get-RegistryManifest {Registry}/team/box:1.0).Config.Digest")).ToString(),
            Assert.Single(_session.Run($"(Get-RegistryManifest {other.Server.Uri.Authority}/team/box:1.0).Config.Digest")).ToString());
    }

    [Fact]
    public async Task A_platform_is_saved_alone()
    {
        var arm64 = Assert.Single(_session.Run($"Get-RegistryImage {Registry}/team/multi:v1 -Platform linux/arm64")).Get<string>("Digest");
        Assert.Equal(arm64, Assert.Single(_session.Run($"(Save-RegistryImage {Registry}/team/multi:v1 arm.tar -Platform linux/arm64).Images.Digest")).ToString());
        Assert.Equal(arm64, Assert.Single(_session.Run($"(Save-RegistryImage {Registry}/team/multi:v1 arm -Platform linux/arm64 -Format OciLayout).Images.Digest")).ToString());
        await _skopeo.CopyAsync($"oci:{_folder["arm"]}:{Registry}/team/multi:v1", $"docker://{Registry}/team/arm:1", Token);
        Assert.Equal(arm64, Assert.Single(_session.Run($"Get-RegistryManifest {Registry}/team/arm:1")).Get<string>("Digest"));
        var error = _session.Fails($"Save-RegistryImage {Registry}/team/multi:v1 -Platform plan9/386");
        Assert.Contains("linux/amd64, linux/arm64", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*multi*"));
    }

    [Fact]
    public async Task Referrers_go_along_on_request()
    {
        var digest = Assert.Single(_session.Run($"Get-RegistryManifest {Registry}/team/box:1.0")).Get<string>("Digest");
        var signature = await TinyImages.PushReferrerAsync(_registry.Http, "team/box", digest, "application/vnd.example.signature", Token);
        _session.Run($"$null = Save-RegistryImage {Registry}/team/box:1.0 signed -Format OciLayout -WithReferrers; $null = Save-RegistryImage {Registry}/team/box:1.0 plain -Format OciLayout");
        Assert.Contains(signature.Digest, ImageLayout.Open(_folder["signed"]).HashBlobs());
        Assert.DoesNotContain(signature.Digest, ImageLayout.Open(_folder["plain"]).HashBlobs());
    }

    [Theory]
    [InlineData("DockerArchive", "x.tar")]
    [InlineData("OciArchive", "x.tar")]
    [InlineData("OciLayout", "x")]
    public void What_is_there_is_written_over_by_force_alone(string format, string file)
    {
        _session.Run($"$null = Save-RegistryImage {Registry}/team/multi:v1 {file} -Format {format} -Platform linux/amd64");
        var before = _session.Run($"(Save-RegistryImage {Registry}/team/multi:v1 other -Format OciLayout).Images.Digest");
        Assert.NotEmpty(before);
        Assert.Equal("ArchiveExists,PSRegistry.Commands.SaveRegistryImageCommand", _session.Fails($"Save-RegistryImage {Registry}/team/box:1.0 {file} -Format {format}").FullyQualifiedErrorId);
        var archive = Assert.Single(_session.Run($"Save-RegistryImage {Registry}/team/box:1.0 {file} -Format {format} -Force"));
        Assert.Equal([$"{Registry}/team/box:1.0"], archive.Get<IEnumerable<object>>("Images").Select(image => image.ToString()));
        Assert.Equal(["other", file], Entries());
    }

    [Theory]
    [InlineData("DockerArchive", "File")]
    [InlineData("OciArchive", "File")]
    [InlineData("OciLayout", "Directory")]
    public void What_comes_to_be_there_meanwhile_is_not_written_over(string format, string kind)
    {
        var images = $"'{Registry}/team/box:1.0', '{Registry}/team/multi:v1'";
        var make = kind == "File" ? $"[IO.File]::WriteAllText('{_folder["x"]}', 'mine')" : $"$null = [IO.Directory]::CreateDirectory('{_folder["x", "blobs"]}')";
        var error = _session.Fails($"{images} | ForEach-Object {{ if ($_ -like '*multi*') {{ {make} }}; $_ }} | Save-RegistryImage -Path x -Format {format}");
        Assert.Equal("ArchiveNotWritten", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(["x"], Entries());
        Assert.True(kind == "File" ? File.ReadAllText(_folder["x"]) == "mine" : Directory.GetFileSystemEntries(_folder["x"]).Length == 1);
    }

    [Fact]
    public void A_folder_that_holds_more_than_a_layout_is_not_replaced()
    {
        _session.Run($"$null = Save-RegistryImage {Registry}/team/box:1.0 layout -Format OciLayout");
        File.WriteAllText(_folder["layout", "notes.txt"], "mine");
        Assert.Equal("ArchiveNotWritten", _session.Fails($"Save-RegistryImage {Registry}/team/box:1.0 layout -Format OciLayout -Force").FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(["layout"], Entries());
        Assert.True(File.Exists(_folder["layout", "notes.txt"]));
    }

    [Theory]
    [InlineData("Save-RegistryImage R/team/box:gone", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Save-RegistryImage R/NO:1", "InvalidImageReference", ErrorCategory.InvalidArgument)]
    [InlineData("Save-RegistryImage R/team/box:1.0 -Format OciLayout -Compress", "ParametersContradict", ErrorCategory.InvalidArgument)]
    [InlineData("Save-RegistryImage R/team/multi:v1 -Platform linux/amd64, linux/arm64", "ParametersContradict", ErrorCategory.InvalidArgument)]
    [InlineData("Save-RegistryImage R/team/box:1.0 -WithReferrers", "ParametersContradict", ErrorCategory.InvalidArgument)]
    [InlineData("Save-RegistryImage R/team/box:1.0 -DataPath ./nothing -Path x.tar", "InvalidImageReference", ErrorCategory.InvalidArgument)]
    [InlineData("Save-RegistryImage team/box:1.0 -DataPath ./nothing -Path x.tar", "NoRegistryData", ErrorCategory.ObjectNotFound)]
    [InlineData("Save-RegistryImage R/team/multi:v1 -Platform plan9/386", "ImagePlatformNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Save-RegistryImage R/team/multi:v1 -Platform plan9/386 -Format OciArchive", "ImagePlatformNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Save-RegistryImage R/team/box:1.0 -Path /proc/nothing/x.tar", "ArchiveNotWritten", ErrorCategory.WriteError)]
    [InlineData("'R/team/box:gone', 'R/team/box:1.0' | Save-RegistryImage -Path all.tar", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("'R/team/box:1.0', 'R/team/box:gone' | Save-RegistryImage -Path all.tar", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    public void A_slip_has_an_error_with_an_id_and_leaves_nothing(string script, string id, ErrorCategory category)
    {
        var (output, errors, _) = RunAnyway(script.Replace("R/", $"{Registry}/", StringComparison.Ordinal));
        var error = Assert.Single(errors);
        Assert.Equal((id, category), (error.FullyQualifiedErrorId.Split(',')[0], error.CategoryInfo.Category));
        Assert.Empty(output);
        Assert.Empty(Entries());
    }

    [Fact]
    public void One_image_that_is_missing_does_not_hold_up_the_others()
    {
        var (output, errors, _) = _session.RunWithErrors($"'{Registry}/team/box:gone', '{Registry}/team/box:1.0' | Save-RegistryImage");
        Assert.Single(errors);
        Assert.Equal(_folder["team.box_1.0.tar"], Assert.Single(output).ToString());
    }

    [Fact]
    public async Task Names_that_fall_together_are_told_apart()
    {
        await Http.PushAsync(_registry.Server.Uri, Token, "a/b:1", "a.b:1");
        var (output, errors, _) = _session.RunWithErrors($"'{Registry}/a/b:1', '{Registry}/a.b:1' | Save-RegistryImage -Force");
        Assert.Single(output);
        Assert.Equal("ArchiveNameTaken", Assert.Single(errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void What_if_writes_nothing()
    {
        Assert.Empty(_session.Run($"Save-RegistryImage {Registry}/team/box:1.0 -WhatIf; Save-RegistryImage {Registry}/team/box:1.0 new/x -Format OciLayout -WhatIf"));
        Assert.Empty(Entries());
    }

    [Fact]
    public void A_layer_that_is_damaged_leaves_no_archive()
    {
        var layer = Assert.Single(_session.Run($"(Get-RegistryManifest {Registry}/team/box:1.0).Layers[0].Digest")).ToString().Split(':')[1];
        using (var file = File.OpenWrite(_data["docker", "registry", "v2", "blobs", "sha256", layer[..2], layer, "data"]))
        {
            file.Seek(-10, SeekOrigin.End);
            file.WriteByte(0x55);
        }
        foreach (var format in new[] { "DockerArchive", "OciArchive", "OciLayout" })
        {
            Assert.Equal("RegistryDigestMismatch", _session.Fails($"Save-RegistryImage {Registry}/team/box:1.0 -Format {format}").FullyQualifiedErrorId.Split(',')[0]);
            Assert.Equal("RegistryContentUnreadable", _session.Fails($"Save-RegistryImage team/box:1.0 -DataPath '{_data}' -Format {format}").FullyQualifiedErrorId.Split(',')[0]);
        }
        Assert.Empty(Entries());
    }

    [Fact]
    public async Task A_full_disk_is_told_and_nothing_is_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can mount a small file system");
        await using var small = new TemporaryFolder();
        Assert.SkipUnless(
            (await ProgramRun.OfAsync(new ProgramCommand("mount", ["-t", "tmpfs", "-o", "size=500k", "tmpfs", small.Path]), Token)).ExitCode == 0, "this machine lets nobody mount a tmpfs");
        try
        {
            foreach (var format in new[] { "DockerArchive", "DockerArchive -Compress", "OciArchive", "OciLayout" })
            {
                var error = _session.Fails($"Save-RegistryImage {Registry}/team/box:1.0 -Path '{small}/' -Format {format}");
                Assert.Equal("ArchiveNotWritten", error.FullyQualifiedErrorId.Split(',')[0]);
                Assert.Contains("space", error.ToString(), StringComparison.Ordinal);
                Assert.Empty(Directory.EnumerateFileSystemEntries(small.Path));
            }
        }
        finally
        {
            (await ProgramRun.OfAsync(new ProgramCommand("umount", ["-l", small.Path]), CancellationToken.None)).MustExitWith(0);
        }
    }

    [Fact]
    public void A_pipeline_that_is_broken_off_leaves_whole_files()
    {
        Assert.Single(_session.Run($"foreach ($i in 1) {{ Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag | Save-RegistryImage | ForEach-Object {{ $_; break }} }}"));
        Assert.Equal(["team.box_1.0.tar"], Entries());
    }

    [Theory]
    [InlineData("DockerArchive")]
    [InlineData("OciLayout")]
    public async Task Stopped_in_the_middle_it_leaves_nothing(string format)
    {
        await using var slow = await StallingRegistry.StartAsync(_registry.Server.Uri);
        using var shell = _session.Shell($"Save-RegistryImage {slow.Authority}/team/box:1.0 -Path x.tar -Format {format}");
        var running = shell.BeginInvoke();
        await slow.Stalled.WaitAsync(Token);
        shell.Stop();
        Assert.True(running.IsCompleted);
        Assert.Empty(Entries());
    }

    private (IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<WarningRecord> Warnings) RunAnyway(string script)
    {
        try
        {
            return _session.RunWithErrors(script);
        }
        catch (CmdletInvocationException terminating)
        {
            return ([], [terminating.ErrorRecord], []);
        }
    }

    private List<string?> Entries() => [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private static string DiffIds(string config, string layout) =>
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(layout, "blobs", "sha256", config.Split(':')[1])))!["rootfs"]!["diff_ids"]!.ToJsonString();
}
