using System.Net;
using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>
/// Acknowledged means on disk, as the system sees it: bytes are flushed before their name is there, and the name before the answer goes.
/// A kill shows nothing of that, for the system writes what the dead process had not flushed.
/// </summary>
public sealed class FlushOrderTests : IDisposable
{
    private static readonly string[] Watched = ["rename", "fsync", "fdatasync", "syncfs", "mkdir", "sendto", "sendmsg"];

    /// <summary>In memory there is no journal, so that each file and folder is flushed by itself.</summary>
    private const string Disk = "/tmp", Memory = "/dev/shm";

    private const string Manifest =
        $$"""{"schemaVersion":2,"mediaType":"{{ImageMediaTypes.OciManifest}}","config":{"mediaType":"{{ImageMediaTypes.OciEmpty}}","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}""";

    private DirectoryInfo? _data;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _data?.Delete(recursive: true);

    [Theory]
    [InlineData(Disk, 100)]
    [InlineData(Disk, 1_000_000)]
    [InlineData(Memory, 100)]
    [InlineData(Memory, 1_000_000)]
    public async Task A_blob_is_flushed_then_named_then_flushed_then_answered(string place, int size)
    {
        var (calls, digest) = await WatchAsync(place, http => http.PushBlobAsync("flushed/blob", TestBytes.Make(size), Token));
        var hex = digest["sha256:".Length..];
        MustBeDurable(calls, $"{hex}/data\"", $"_layers/sha256/{hex}/link\"");
    }

    [Theory]
    [InlineData(Disk)]
    [InlineData(Memory)]
    public async Task A_manifest_is_flushed_then_named_then_flushed_then_answered_and_its_tag_comes_last(string place)
    {
        var (calls, digest) = await WatchAsync(place, PushManifestAsync);
        var hex = digest["sha256:".Length..];
        MustBeDurable(calls, $"{hex}/data\"", $"revisions/sha256/{hex}/link\"", $"tags/v1/index/sha256/{hex}/link\"", "tags/v1/current/link\"");
    }

    /// <summary>Somebody else may have written it and not flushed it: the original does so with its links.</summary>
    [Theory]
    [InlineData(Disk)]
    [InlineData(Memory)]
    public async Task What_is_there_already_is_flushed_then_answered(string place)
    {
        var (calls, _) = await WatchAsync(place, PutManifestAsync, first: PushManifestAsync);
        var answer = Answer(calls);
        Assert.Contains(calls, call => IsFlush(call) && call.End < answer.Begin);
    }

    /// <summary>Each name follows a flush of its bytes, in this order, and all are flushed when the last 201 goes.</summary>
    private static void MustBeDurable(IReadOnlyList<SystemCall> calls, params IReadOnlyList<string> names)
    {
        var answer = Answer(calls);
        var before = calls.LastOrDefault(call => call.Begin < answer.Begin && call.Name is "sendto" or "sendmsg")?.End ?? 0;
        var flushes = calls.Where(IsFlush).ToList();
        var last = 0;
        foreach (var name in names)
        {
            var rename = Assert.Single(calls, call => call.Name == "rename" && call.IsDone && call.Text.Contains(name, StringComparison.Ordinal));
            Assert.True(rename.Begin > last, $"{name} came before the name that it needs");
            last = rename.End!.Value;
            Assert.Contains(flushes, flush => flush.Begin > before && flush.End < rename.Begin && Covers(flush, Source(rename)));
            Assert.Contains(flushes, flush => flush.Begin > rename.End && flush.End < answer.Begin && Covers(flush, Folder(Target(rename))));
        }
        // Also the folders that were made for it have names that must stay.
        foreach (var made in calls.Where(call => call.Name == "mkdir" && call.IsDone && call.Begin < answer.Begin && names.Any(name => HoldsIn(call, calls, name))))
            Assert.Contains(flushes, flush => flush.Begin > made.End && flush.End < answer.Begin && Covers(flush, Folder(Quoted(made, 0))));
    }

    private static bool IsFlush(SystemCall call) => call.Name is "fsync" or "fdatasync" or "syncfs" && call.IsDone;

    private static SystemCall Answer(IReadOnlyList<SystemCall> calls) =>
        calls.Last(call => call.Name is "sendto" or "sendmsg" && call.Text.Contains("HTTP/1.1 201 ", StringComparison.Ordinal));

    /// <summary>One file or folder, or the file system around it.</summary>
    private static bool Covers(SystemCall flush, string path) =>
        flush.Name == "syncfs" || flush.Text.Contains($"<{path}>", StringComparison.Ordinal);

    private static bool HoldsIn(SystemCall mkdir, IReadOnlyList<SystemCall> calls, string name) =>
        calls.Any(call => call.Name == "rename" && call.Text.Contains(name, StringComparison.Ordinal) && Target(call).StartsWith(Quoted(mkdir, 0) + "/", StringComparison.Ordinal));

    private static string Source(SystemCall rename) => Quoted(rename, 0);

    private static string Target(SystemCall rename) => Quoted(rename, 1);

    private static string Folder(string path) => path[..path.LastIndexOf('/')];

    private static string Quoted(SystemCall call, int number) => call.Text.Split('"')[(number * 2) + 1];

    private static async Task<string> PushManifestAsync(RegistryHttp http)
    {
        await http.PushBlobAsync("flushed/manifest", Encoding.UTF8.GetBytes("{}"), Token);
        return await PutManifestAsync(http);
    }

    private static async Task<string> PutManifestAsync(RegistryHttp http)
    {
        var put = await http.PutManifestAsync("flushed/manifest", "v1", Encoding.UTF8.GetBytes(Manifest), ImageMediaTypes.OciManifest, Token);
        return put.MustBe(HttpStatusCode.Created).Digest;
    }

    /// <summary>Pushes something to a registry that is fresh, or has had a first push; the calls for it, and the digest.</summary>
    private async Task<(IReadOnlyList<SystemCall> Calls, string Digest)> WatchAsync(
        string place, Func<RegistryHttp, Task<string>> push, Func<RegistryHttp, Task<string>>? first = null)
    {
        if (!Directory.Exists(place))
            Peer.Missing($"this machine has no {place}");
        _data = Directory.CreateDirectory($"{place}/psregistry-test-{Guid.NewGuid():N}");
        await using var registry = await PSRegistryProgram.StartAsync(new RegistrySettings { DataFolder = _data.FullName }, Token);
        if (first is not null)
            await first(registry.Http);
        await using var watched = await SystemCalls.WatchAsync(registry.Program.Id, Watched, Token);
        var digest = await push(registry.Http);
        return (await watched.EndAsync(Token), digest);
    }
}
