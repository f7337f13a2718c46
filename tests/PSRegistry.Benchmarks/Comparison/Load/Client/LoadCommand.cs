using System.CommandLine;

namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary><c>load</c>: what <see cref="LoadClient"/> runs; not for people.</summary>
internal static class LoadCommand
{
    public static Command Make()
    {
        var url = new Argument<Uri>("url") { CustomParser = result => new Uri(result.Tokens[0].Value) };
        var seconds = new Option<int>("--seconds");
        var connections = new Option<int>("--connections");
        var count = new Option<int>("--count");
        var repository = new Option<string>("--repository");
        var way = new Option<UploadWay>("--way");
        var http2 = new Option<bool>("--h2");

        Command Verb(string name, Func<ParseResult, CancellationToken, Task<(Sample Sample, string Digest)>> run)
        {
            var verb = new Command(name) { url, seconds, connections, count, repository, way, http2 };
            verb.SetAction(async (parsed, token) =>
            {
                var (sample, digest) = await run(parsed, token);
                Console.WriteLine(LoadClient.Tell(sample, digest));
            });
            return verb;
        }
        Func<ParseResult, CancellationToken, Task<(Sample, string)>> Without(Func<ParseResult, CancellationToken, Task<Sample>> run) =>
            async (parsed, token) => (await run(parsed, token), "");
        Func<ParseResult, CancellationToken, Task<Sample>> Small(Func<Uri, string, int, int, bool, CancellationToken, Task<Sample>> load) =>
            (p, token) => load(p.GetRequiredValue(url), p.GetRequiredValue(repository), p.GetValue(count), p.GetValue(connections), p.GetValue(http2), token);

        return new Command("load")
        {
            Verb("head", Without((p, token) => GetLoad.HeadAsync(p.GetRequiredValue(url), p.GetValue(seconds), token))),
            Verb("pull", Without((p, token) => GetLoad.PullAsync(p.GetRequiredValue(url), p.GetValue(connections), p.GetValue(count), token))),
            Verb("blobs", Without(Small(PushLoad.BlobsAsync))),
            Verb("manifests", Without(Small(PushLoad.ManifestsAsync))),
            Verb("tags", Without(Small(PushLoad.TagsAsync))),
            Verb("again", Without(Small(PushLoad.AgainAsync))),
            Verb("upload", (p, token) => UploadLoad.RunAsync(
                p.GetRequiredValue(url), p.GetRequiredValue(repository), p.GetValue(count), p.GetValue(way), p.GetValue(http2), token)),
        };
    }
}
