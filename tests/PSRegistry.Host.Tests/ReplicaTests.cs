using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>Several registries on one data folder behind nginx, which speaks TLS and gives every request to the next of them.</summary>
public sealed class ReplicaTests(RealImages images) : IAsyncDisposable
{
    private const string Secret = "of all of us";

    private readonly TlsFolder _tls = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _tls.Dispose();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Skopeo_pushes_and_pulls_through_both()
    {
        await using var first = await StartAsync(Secret);
        await using var second = await StartAsync(Secret);
        await using var nginx = await BeforeAsync(first, second);
        await using var skopeo = new Skopeo();
        foreach (var (image, i) in new[] { await images.BusyboxAsync(), await images.BigAsync() }.Select((image, i) => (image, i)))
        {
            var name = $"docker://{nginx.Authority}/team/image{i}:v1";
            (await RunAsync("copy", "--preserve-digests", "--dest-cert-dir", Trust(), image.Reference, name)).MustExitWith(0);
            await using var pulled = new TemporaryFolder();
            (await RunAsync("copy", "--preserve-digests", "--src-cert-dir", Trust(), name, $"oci:{pulled}:v1")).MustExitWith(0);
            Assert.Equal(image.Layout.HashBlobs(), ImageLayout.Open(pulled.Path).HashBlobs());
        }
        foreach (var registry in new[] { first, second })
        {
            Assert.Contains("POST", registry.Program.Error, StringComparison.Ordinal);
            Assert.Contains("http.request.method=GET", registry.Program.Error, StringComparison.Ordinal);
        }

        Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync(skopeo.Command(arguments), Token);
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData(null)]
    public async Task An_upload_goes_on_at_the_other_with_a_secret_that_both_have_or_that_the_folder_keeps(string? secret)
    {
        await using var first = await StartAsync(secret);
        await using var second = await StartAsync(secret);
        await using var nginx = await BeforeAsync(first, second);
        using var http = Connect(nginx);
        var bytes = TestBytes.Make(3_000_000);
        var answer = await http.BeginUploadAsync("shared", Token);
        for (var at = 0; at < bytes.Length; at += 1_000_000)
            answer = (await http.PatchUploadAsync(answer.Location, bytes.AsMemory(at, 1_000_000), Token)).MustBe(HttpStatusCode.Accepted);
        var digest = ContentDescriptor.DigestOf(bytes);
        (await http.FinishUploadAsync(answer.Location, default, digest, Token)).MustBe(HttpStatusCode.Created);
        for (var i = 0; i < 2; i++)
            Assert.Equal(bytes, (await http.GetBlobAsync("shared", digest, Token)).MustBe(HttpStatusCode.OK).Body);
        Assert.Contains("http.request.method=PATCH", first.Program.Error, StringComparison.Ordinal);
        Assert.Contains("http.request.method=PATCH", second.Program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_that_differ_are_named_in_the_answer_and_in_the_log()
    {
        await using var first = await StartAsync("swordfish");
        await using var second = await StartAsync("herring");
        await using var nginx = await BeforeAsync(first, second);
        using var http = Connect(nginx);
        var begun = await http.BeginUploadAsync("shared", Token);
        var refused = (await http.PatchUploadAsync(begun.Location, new byte[10], Token)).MustBe(HttpStatusCode.NotFound);
        Assert.Contains("http.secret", (string)refused.Json["errors"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Equal("BLOB_UPLOAD_INVALID", (string)refused.Json["errors"]![0]!["code"]!);
        await second.Program.WaitForLineAsync(new("begun under another http.secret"), Token);
        Assert.DoesNotContain("swordfish", refused.Json.ToString() + second.Program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_them_is_replaced_while_clients_push_and_no_push_fails()
    {
        await using var first = await StartAsync(Secret);
        await using var second = await StartAsync(Secret);
        await using var nginx = await BeforeAsync(first, second);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = Enumerable.Range(0, 3).Select(async worker =>
        {
            using var http = Connect(nginx);
            var count = 0;
            for (; !stop.IsCancellationRequested; count++)
                await TinyImages.PushAsync(http, $"load{worker}", "v1", TestBytes.Make(50_000, worker * 10_000 + count), Token);
            return count;
        }).ToList();
        await Task.Delay(500, Token);
        Assert.Equal(0, await first.StopAsync(Token));
        await Task.Delay(500, Token);
        await using var again = await PSRegistryProgram.StartAsync(first.Settings, Token);
        await Task.Delay(500, Token);
        await stop.CancelAsync();
        try
        {
            Assert.All(await Task.WhenAll(load), count => Assert.NotEqual(0, count));
        }
        catch (Exception fault)
        {
            Assert.Fail($"{fault.Message}\n{nginx.Errors}\n{first.Program.Error}\n{again.Program.Error}");
        }
    }

    [Fact]
    public async Task The_log_names_the_client_that_a_trusted_proxy_tells()
    {
        var settings = new RegistrySettings { DataFolder = _folder["data"], ExtraHttp = "  trustedproxies: [127.0.0.1]\n" };
        await using var registry = await PSRegistryProgram.StartAsync(settings, Token);
        await using var nginx = await Nginx.StartAsync(new NginxSettings([registry.Authority]) { Tls = _tls, More = "proxy_set_header X-Forwarded-For 192.0.2.7;", Told = "proxy_set_header Host $http_host;" }, Token);
        using var http = Connect(nginx);
        await http.BeginUploadAsync("a", Token);
        await registry.Program.WaitForLineAsync(new("http.request.method=POST .*http.request.remoteaddr=192.0.2.7 "), Token);
    }

    private Task<RegistryProcess> StartAsync(string? secret) => PSRegistryProgram.StartAsync(
        new RegistrySettings { DataFolder = _folder["data"], Secret = secret, DrainTimeout = TimeSpan.FromSeconds(20), ExtraHttp = "  draindelay: 1s\n" }, Token);

    /// <summary>As the README has it: a POST that nginx sends on a connection that the server ends at that moment goes to the other server.</summary>
    private Task<Nginx> BeforeAsync(RegistryProcess first, RegistryProcess second) => Nginx.StartAsync(
        new NginxSettings([first.Authority, second.Authority]) { Tls = _tls, More = "proxy_next_upstream error timeout non_idempotent;" }, Token);

    private RegistryHttp Connect(Nginx nginx) => new(new Uri($"https://{nginx.Authority}/"), TlsTrust.In(_tls.Authority));

    private string Trust()
    {
        Directory.CreateDirectory(_folder["trust"]);
        File.Copy(_tls.AuthorityFile, _folder["trust", "ca.crt"], overwrite: true);
        return _folder["trust"];
    }
}
