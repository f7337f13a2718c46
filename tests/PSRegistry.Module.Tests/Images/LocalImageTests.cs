using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

/// <summary>The images of a real dockerd. Where the engine is, the process says: these tests do not run beside others.</summary>
[Collection(nameof(Connections.ProcessWide))]
public sealed class LocalImageTests : IAsyncLifetime
{
    private const string EngineVariable = "DOCKER_HOST";

    private readonly Session _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(EngineVariable);
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(EngineVariable, _before);
        _session.Dispose();
        await _registry.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Images_of_the_engine_are_listed_and_published()
    {
        await using var docker = await StartAsync();
        var listed = _session.Run("Get-RegistryLocalImage");
        Assert.Equal(["nginx:1.25", "team/app:1.0", "team/app:latest"], listed.Select(image => image.Get<string>("Name")).Order(StringComparer.Ordinal));
        Assert.All(listed, image => Assert.Equal($"unix://{docker.Socket}", image.Get<string>("Engine")));
        Assert.All(listed, image => Assert.True(image.Get<long>("Size") > 0));
        Assert.Equal(["team/app:1.0", "team/app:latest"], Names("team/app"));
        Assert.Equal(["nginx:1.25", "team/app:1.0"], Names("*:1*"));
        Assert.Equal(3, Names("*").Count);

        var published = _session.Run($"Get-RegistryLocalImage | Publish-RegistryImage -Registry {Registry}");
        Assert.Equal(
            [$"{Registry}/nginx:1.25", $"{Registry}/team/app:1.0", $"{Registry}/team/app:latest"], published.Texts().Order(StringComparer.Ordinal));
        var app = listed.First(image => image.Get<string>("Name") == "team/app:1.0");
        Assert.Equal(app.Get<string>("Id"), Assert.Single(_session.Run($"Get-RegistryManifest {Registry}/team/app:1.0")).Get<object>("Config").ToString());
        Assert.Equal(0, _session.Run($"Publish-RegistryImage -LocalImage team/* -Registry {Registry}").Sum(image => image.Get<long>("Sent")));
        Assert.Equal([$"{Registry}/x:y"], _session.Run($"Get-RegistryLocalImage nginx | Publish-RegistryImage -Registry {Registry} -Repository x -Tag y").Texts());

        // And it is what the engine takes back.
        (await docker.RunAsync(Token, "rmi", "team/app:1.0", "team/app:latest")).MustExitWith(0);
        (await docker.RunAsync(Token, "pull", $"{Registry}/team/app:1.0")).MustExitWith(0);
        var pulled = (await docker.RunAsync(Token, "image", "inspect", "-f", "{{.Id}}", $"{Registry}/team/app:1.0")).MustExitWith(0);
        Assert.Equal(app.Get<string>("Id"), pulled.Output.Trim());
    }

    [Theory]
    [InlineData("Remove-RegistryImage -Confirm:$false")]
    [InlineData("Remove-RegistryTag")]
    public async Task A_local_image_names_nothing_that_a_registry_could_remove(string removal)
    {
        await using var docker = await StartAsync();
        _session.Run($"Publish-RegistryImage -LocalImage * -Registry {Registry}");
        var (_, errors, _) = _session.RunWithErrors($"Get-RegistryLocalImage | {removal} -Registry {Registry}");
        Assert.Equal(3, errors.Count);
        Assert.All(errors, error => Assert.StartsWith("InvalidImageReference", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal(3, _session.Run($"Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag").Count);
    }

    [Fact]
    public async Task A_name_that_the_engine_does_not_have_is_told()
    {
        await using var docker = await StartAsync();
        foreach (var script in new[] { "Get-RegistryLocalImage gone", $"Publish-RegistryImage -LocalImage gone -Registry {Registry}" })
        {
            var error = _session.Fails(script);
            Assert.Equal(("LocalImageNotFound", ErrorCategory.ObjectNotFound), (error.FullyQualifiedErrorId.Split(',')[0], error.CategoryInfo.Category));
            Assert.Equal("gone", error.TargetObject);
        }
        Assert.Empty(_session.Run("Get-RegistryLocalImage gone*"));
    }

    [Theory]
    [InlineData("unix:///nowhere/docker.sock")]
    [InlineData("tcp://127.0.0.1:1")]
    public void An_engine_that_is_not_there_is_told(string address)
    {
        Environment.SetEnvironmentVariable(EngineVariable, address);
        foreach (var script in new[] { "Get-RegistryLocalImage", $"Publish-RegistryImage -LocalImage app -Registry {Registry}" })
        {
            var error = _session.Fails(script);
            Assert.Equal(("LocalEngineUnavailable", ErrorCategory.ResourceUnavailable), (error.FullyQualifiedErrorId.Split(',')[0], error.CategoryInfo.Category));
            Assert.Contains(address, error.ToString(), StringComparison.Ordinal);
            Assert.Contains("DOCKER_HOST", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }
    }

    private async Task<Dockerd> StartAsync()
    {
        var docker = await Dockerd.StartAsync(Token);
        Environment.SetEnvironmentVariable(EngineVariable, $"unix://{docker.Socket}");
        foreach (var (name, number) in new[] { ("team/app:1.0", 1), ("nginx:1.25", 2) })
            (await docker.RunAsync(Token, "load", "-i", await DockerArchiveAsync(name, number))).MustExitWith(0);
        (await docker.RunAsync(Token, "tag", "team/app:1.0", "team/app:latest")).MustExitWith(0);
        return docker;
    }

    /// <summary>An archive that docker loads: its layer is a tar.</summary>
    private async Task<string> DockerArchiveAsync(string name, int number)
    {
        using var layer = new MemoryStream();
        await using (var tar = new System.Formats.Tar.TarWriter(layer, leaveOpen: true))
        {
            var entry = new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "file") { DataStream = new MemoryStream(TestBytes.Make(1_500_000, number)) };
            await tar.WriteEntryAsync(entry, Token);
        }
        return TinyArchive.Write(_folder[$"{number}.tar"], layer.ToArray(), name);
    }

    private List<string> Names(string pattern) =>
        [.. _session.Run($"Get-RegistryLocalImage {pattern}").Select(image => image.Get<string>("Name")).Order(StringComparer.Ordinal)];
}
