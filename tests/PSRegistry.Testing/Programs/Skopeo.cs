using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>
/// skopeo, the client that copies between everything, over plain HTTP. Each instance has folders of its own, so that neither credentials
/// nor a cache of known blobs of the machine or of another test steps in.
/// </summary>
public sealed class Skopeo : IAsyncDisposable
{
    // First, so that a missing program leaves no folder behind.
    private readonly string _program = Peer.Require("skopeo");
    private readonly TemporaryFolder _home = new();

    /// <summary>Copies; <paramref name="options"/> such as <c>--all</c> or <c>--format v2s2</c>.</summary>
    public async Task CopyAsync(string source, string destination, CancellationToken cancellationToken, params string[] options)
    {
        string[] plainHttp = [.. Tls(source, "--src-tls-verify=false"), .. Tls(destination, "--dest-tls-verify=false")];
        await RunAsync(["copy", "--quiet", .. plainHttp, .. options, source, destination], cancellationToken);
    }

    /// <summary>The manifest of <paramref name="image"/> as the registry keeps it, byte for byte.</summary>
    public async Task<byte[]> InspectRawAsync(string image, CancellationToken cancellationToken) =>
        (await RunAsync(["inspect", "--raw", .. Tls(image, "--tls-verify=false"), image], cancellationToken)).OutputBytes;

    /// <summary>Deletes the manifest that <paramref name="image"/> names, with all of its tags.</summary>
    public async Task DeleteAsync(string image, CancellationToken cancellationToken) =>
        await RunAsync(["delete", "--tls-verify=false", image], cancellationToken);

    /// <summary>The tags that <c>list-tags</c> finds.</summary>
    public async Task<IReadOnlyList<string>> ListTagsAsync(string repository, CancellationToken cancellationToken)
    {
        var listed = await RunAsync(["list-tags", "--tls-verify=false", repository], cancellationToken);
        return [.. JsonNode.Parse(listed.OutputBytes)!["Tags"]!.AsArray().Select(tag => (string)tag!)];
    }

    /// <summary>A command of skopeo that has not been run yet.</summary>
    public ProgramCommand Command(params IReadOnlyList<string> arguments) =>
        new(_program, ["--insecure-policy", "--tmpdir", _home.Path, .. arguments])
        {
            Environment = new Dictionary<string, string?>
            {
                ["HOME"] = _home.Path,
                ["XDG_RUNTIME_DIR"] = _home.Path,
                ["XDG_DATA_HOME"] = _home.Path,
                ["XDG_CONFIG_HOME"] = _home.Path,
                ["REGISTRY_AUTH_FILE"] = null,
            },
        };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _home.DisposeAsync();

    private static string[] Tls(string image, string option) => image.StartsWith("docker://", StringComparison.Ordinal) ? [option] : [];

    private async Task<ProgramRun> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        (await ProgramRun.OfAsync(Command(arguments), cancellationToken)).MustExitWith(0);
}
