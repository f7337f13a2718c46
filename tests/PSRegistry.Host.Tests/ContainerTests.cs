using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>The container image of the program: published by the SDK into a registry of ours, onto a base image from there, and pulled again.</summary>
public sealed class ContainerTests(ServedRegistry served, RealImages images) : IClassFixture<ServedRegistry>, IAsyncDisposable
{
    private const string Search = "PSREGISTRY_CONFIGURATION_SEARCH";
    private const int User = 1654;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task The_image_is_published_by_the_SDK_and_serves_what_the_originals_image_does()
    {
        await using var skopeo = new Skopeo();
        await skopeo.CopyAsync((await images.BusyboxAsync()).Reference, $"docker://{served.Process.Authority}/base:1", Token);
        await PublishAsync();

        await skopeo.CopyAsync($"docker://{served.Process.Authority}/published/psregistry:1", $"oci:{_folder["pulled"]}:1", Token);
        var manifest = Json(Blob(Json(_folder["pulled", "index.json"])["manifests"]![0]!));
        var config = Json(Blob(manifest["config"]!))["config"]!;
        Assert.Equal("1654", (string?)config["User"]);
        Assert.Equal(["dotnet", "/var/lib/psregistry/psregistry.dll"], config["Entrypoint"]!.AsArray().Select(part => (string)part!));
        Assert.Equal(["serve"], config["Cmd"]!.AsArray().Select(part => (string)part!));
        Assert.NotNull(config["ExposedPorts"]!["5000/tcp"]);
        Assert.Equal("Apache-2.0", (string?)config["Labels"]!["org.opencontainers.image.licenses"]);
        var search = config["Env"]!.AsArray().Select(part => (string)part!).Single(variable => variable.StartsWith(Search, StringComparison.Ordinal)).Split('=')[1];
        Assert.Equal("/etc/distribution/config.yml:/etc/docker/registry/config.yml:/var/lib/psregistry/config.yml", search);

        var (owner, files) = await UnpackAsync(Blob(manifest["layers"]!.AsArray()[^1]!));
        Assert.Equal(User, owner["var/lib/registry"]);
        Assert.True(File.Exists(Path.Combine(files, "var/lib/psregistry/psregistry.dll")));
        await MustServeAsync(Path.Combine(files, "var/lib/psregistry"));

        string Blob(JsonNode descriptor) => _folder["pulled", "blobs", "sha256", ((string)descriptor["digest"]!)["sha256:".Length..]];
    }

    [Fact]
    public async Task The_first_configuration_that_is_there_counts_and_one_that_is_named_counts_over_it()
    {
        foreach (var name in new[] { "mounted", "own", "named" })
            await File.WriteAllTextAsync(_folder[name], $"version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{prefix: /{name}/}}\n", Token);
        var search = string.Join(Path.PathSeparator, _folder["missing"], _folder["mounted"], _folder["own"]);
        Assert.Contains("prefix: /mounted/", await ConfigAsync((Search, search)), StringComparison.Ordinal);
        Assert.Contains("prefix: /named/", await ConfigAsync((Search, search), ("REGISTRY_CONFIGURATION_PATH", _folder["named"])), StringComparison.Ordinal);
        Assert.Contains("prefix: /variable/", await ConfigAsync((Search, search), ("REGISTRY_HTTP_PREFIX", "/variable/")), StringComparison.Ordinal);
    }

    private static async Task<string> ConfigAsync(params (string Name, string? Value)[] variables) =>
        (await ProgramRun.OfAsync(PSRegistryProgram.Command("config").With(variables.ToDictionary(variable => variable.Name, variable => variable.Value)), Token)).MustExitWith(0).Output;

    /// <summary>What the tests' own build made, not built again: portable, because the native one takes minutes.</summary>
    private async Task PublishAsync()
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var root = output;
        while (!File.Exists(Path.Combine(root.FullName, "PSRegistry.sln")))
            root = root.Parent!;
        var publish = new ProgramCommand("dotnet",
        [
            "publish", Path.Combine(root.FullName, "src", "PSRegistry.Host"), "--no-build", "-c", output.Parent!.Name, "-t:PublishContainer", $"-p:PublishDir={_folder["publish"]}/",
            $"-p:ContainerLayout={_folder["layout"]}/", $"-p:ContainerBaseImage={served.Process.Authority}/base:1", $"-p:ContainerRegistry={served.Process.Authority}",
            "-p:ContainerRepository=published/psregistry", "-p:ContainerImageTag=1",
        ])
        {
            Environment = new Dictionary<string, string?>
            {
                ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = served.Process.Authority,
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
            },
            Timeout = TimeSpan.FromMinutes(5),
        };
        (await ProgramRun.OfAsync(publish, Token)).MustExitWith(0);
    }

    /// <summary>Who owns what is in a layer, and the folder into which it was unpacked.</summary>
    private async Task<(Dictionary<string, int> Owner, string Folder)> UnpackAsync(string layer)
    {
        var owner = new Dictionary<string, int>();
        await using var plain = new GZipStream(File.OpenRead(layer), CompressionMode.Decompress);
        await using var reader = new TarReader(plain);
        while (await reader.GetNextEntryAsync(cancellationToken: Token) is { } entry)
        {
            owner[entry.Name.TrimEnd('/')] = entry.Uid;
            var path = _folder["unpacked", entry.Name];
            if (entry.EntryType is TarEntryType.Directory)
                Directory.CreateDirectory(path);
            else
                await entry.ExtractToFileAsync(path, overwrite: false, Token);
        }
        return (owner, _folder["unpacked"]);
    }

    private async Task MustServeAsync(string program)
    {
        await using var server = RunningProgram.Start(new ProgramCommand("dotnet", [Path.Combine(program, "psregistry.dll"), "serve"])
        {
            Environment = new Dictionary<string, string?>
            {
                [Search] = Path.Combine(program, "config.yml"),
                ["REGISTRY_HTTP_ADDR"] = "127.0.0.1:0",
                ["REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"] = _folder["data"],
            },
        });
        await server.WaitForLineAsync(new(@"listens on http://127\.0\.0\.1:\d+"), Token);
    }

    private static JsonNode Json(string file) => JsonNode.Parse(File.ReadAllBytes(file))!;
}
