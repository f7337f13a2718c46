using System.Net;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Examination;

/// <summary>What an examination finds through nginx, set up well and in the ways in which it is set up wrong.</summary>
public sealed class ExaminationTests : IDisposable
{
    private readonly TlsFolder _tls = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tls.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registry_behind_a_proxy_that_is_set_up_well_passes_and_keeps_nothing(bool relative)
    {
        await using var registry = await StartAsync(http => http with { RelativeUrls = relative });
        await using var nginx = await BeforeAsync(registry, settings => settings with { Server = "client_max_body_size 0; large_client_header_buffers 4 32k;" });
        var findings = await ExamineAsync(nginx);
        Assert.All(findings, finding => Assert.Equal(finding.Check == "Certificate" ? FindingStatus.Warning : FindingStatus.Passed, finding.Status));
        foreach (var check in new[] { "Certificate", "Location", "Streaming", "Large body", "Commit", "Manifest", "Range", "Paging", "Delete" })
            Assert.Contains(findings, finding => finding.Check == check);
        await MustKeepNothingAsync(registry);
    }

    [Fact]
    public async Task A_registry_that_is_asked_straight_passes()
    {
        await using var registry = await StartAsync();
        using var client = new RegistryClient(RegistryAddress.FromUri(registry.Http.Address), new RegistryClientOptions());
        Assert.All(await ListAsync(client, new ExaminationOptions()), finding => Assert.Equal(FindingStatus.Passed, finding.Status));
        await MustKeepNothingAsync(registry);
    }

    [Fact]
    public async Task A_limit_on_bodies_is_named()
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings with { Server = "client_max_body_size 1m;" });
        await MustFindAsync(nginx, "Large body", FindingStatus.Failed, "client_max_body_size");
        await MustKeepNothingAsync(registry);
    }

    [Theory]
    [InlineData("proxy_set_header Host $http_host;", "http:", "X-Forwarded-Proto")]
    [InlineData("proxy_set_header X-Forwarded-Proto $scheme;", "https://registry/", "Host $http_host")]
    [InlineData("proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header Host $host;", "port", "Host $http_host")]
    public async Task A_location_that_leads_elsewhere_is_named_with_what_the_proxy_does_not_tell(string told, string detail, string remedy)
    {
        await using var registry = await StartAsync(http => http with { RelativeUrls = false });
        await using var nginx = await BeforeAsync(registry, settings => settings with { Told = told });
        var finding = await MustFindAsync(nginx, "Location", FindingStatus.Failed, remedy);
        Assert.Contains(detail.TrimEnd('/'), finding.Detail, StringComparison.Ordinal);
        await MustKeepNothingAsync(registry);
    }

    [Fact]
    public async Task A_path_that_the_proxy_adds_and_the_registry_does_not_know_is_named()
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings with
        {
            Server = "client_max_body_size 0; rewrite ^/sub/(.*)$ /$1 last;",
        });
        using var client = new RegistryClient(RegistryAddress.FromUri(new Uri($"https://{nginx.Authority}/sub/")), Options());
        var finding = Assert.Single(await ListAsync(client, new ExaminationOptions()), finding => finding.Check == "Location");
        Assert.Equal(FindingStatus.Failed, finding.Status);
        Assert.Contains("http.prefix", finding.Remedy, StringComparison.Ordinal);
        await MustKeepNothingAsync(registry);
    }

    [Theory]
    [InlineData("Docker-Content-Digest", "Commit", FindingStatus.Failed)]
    [InlineData("Docker-Content-Digest", "Manifest", FindingStatus.Failed)]
    [InlineData("Docker-Content-Digest", "Manifest head", FindingStatus.Failed)]
    [InlineData("Docker-Distribution-Api-Version", "API version", FindingStatus.Warning)]
    [InlineData("Docker-Upload-UUID", "Upload headers", FindingStatus.Warning)]
    [InlineData("Link", "Paging", FindingStatus.Failed)]
    [InlineData("Location", "Location", FindingStatus.Failed)]
    public async Task A_header_that_does_not_arrive_is_named(string header, string check, FindingStatus status)
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings with { More = $"proxy_hide_header {header};" });
        await MustFindAsync(nginx, check, status, header);
        await MustKeepNothingAsync(registry);
    }

    [Fact]
    public async Task A_challenge_that_does_not_arrive_is_named()
    {
        await using var tokens = await StartAsync(http => http, auth: true);
        await using var nginx = await BeforeAsync(tokens, settings => settings with { More = "proxy_hide_header WWW-Authenticate;" });
        var findings = await ExamineAsync(nginx);
        Assert.Equal(FindingStatus.Failed, findings.Single(finding => finding.Check == "Challenge").Status);
        Assert.Equal(FindingStatus.Skipped, findings[^1].Status);
    }

    [Fact]
    public async Task Who_brings_tokens_passes_and_who_gets_none_to_push_is_told_how()
    {
        await using var tokens = await TokenService.StartAsync();
        await using var registry = await TestRegistry.StartAsync(new ConfigurationSource
        {
            Path = "config.yml",
            Text = $"version: 0.1\nstorage: {{inmemory: {{}}, delete: {{enabled: true}}}}\nhttp: {{addr: '127.0.0.1:0'}}\n{tokens.Yaml}",
        });
        await using var nginx = await BeforeAsync(registry, settings => settings with { Server = "client_max_body_size 0; large_client_header_buffers 4 32k;" });
        var upload = (await ExamineAsync(nginx)).Single(finding => finding.Check == "Upload");
        Assert.Equal(FindingStatus.Failed, upload.Status);
        Assert.Contains("Connect-Registry", upload.Remedy, StringComparison.Ordinal);

        using var ann = new RegistryClient(
            RegistryAddress.FromUri(new Uri($"https://{nginx.Authority}/")), Options() with { Credential = new NetworkCredential(tokens.Server.User, tokens.Server.Password) });
        var findings = await ListAsync(ann, new ExaminationOptions());
        Assert.All(findings, finding => Assert.True(finding.Status is FindingStatus.Passed || finding.Check == "Certificate", finding.ToString()));
        Assert.Contains(findings, finding => finding.Check == "Delete");
        Assert.DoesNotContain(findings, finding => finding.ToString().Contains(tokens.Server.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bodies_that_are_collected_are_named()
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings with { Bodies = "proxy_request_buffering on;" });
        await MustFindAsync(nginx, "Streaming", FindingStatus.Warning, "proxy_request_buffering off");
        await MustKeepNothingAsync(registry);
    }

    [Fact]
    public async Task Answers_that_are_compressed_anew_are_named()
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings with { Server = "client_max_body_size 0; gzip on; gzip_types *; gzip_min_length 0; gzip_proxied any;" });
        await MustFindAsync(nginx, "Blob content", FindingStatus.Failed, "gzip off");
        await MustFindAsync(nginx, "Manifest content", FindingStatus.Failed, "gzip off");
        await MustKeepNothingAsync(registry);
    }

    [Theory]
    [InlineData("PATCH", "Chunk", FindingStatus.Failed)]
    [InlineData("POST", "Upload", FindingStatus.Failed)]
    [InlineData("DELETE", "Delete", FindingStatus.Failed)]
    public async Task A_method_that_is_refused_is_named(string method, string check, FindingStatus status)
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings with { More = $"if ($request_method = {method}) {{ return 405; }}" });
        await MustFindAsync(nginx, check, status, method);
    }

    [Fact]
    public async Task A_redirect_to_another_address_is_named()
    {
        await using var registry = await StartAsync();
        await using var good = await BeforeAsync(registry, settings => settings with { Tls = null });
        await using var nginx = await BeforeAsync(registry, settings => settings with { Tls = null, Server = $"return 301 http://{good.Authority}$request_uri;" });
        var findings = await ExamineAsync(nginx, "http");
        Assert.Equal(FindingStatus.Failed, findings.Single(finding => finding.Check == "Address").Status);
        Assert.Contains(findings, finding => finding is { Check: "Upload", Status: FindingStatus.Failed });
    }

    [Fact]
    public async Task Headers_that_are_too_long_for_the_proxy_are_named()
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings with { Server = "client_max_body_size 0; client_header_buffer_size 1k; large_client_header_buffers 2 4k;" });
        await MustFindAsync(nginx, "Long header", FindingStatus.Warning, "large_client_header_buffers");
    }

    [Fact]
    public async Task A_certificate_that_clients_do_not_trust_is_named_and_a_registry_that_is_down_too()
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings);
        using var client = new RegistryClient(RegistryAddress.FromUri(new Uri($"https://{nginx.Authority}/")), new RegistryClientOptions());
        var findings = await ListAsync(client, new ExaminationOptions());
        Assert.Equal(FindingStatus.Failed, findings[0].Status);
        Assert.Equal("Certificate", findings[0].Check);

        await registry.Server.StopAsync(Token);
        var down = (await ExamineAsync(nginx)).Single(finding => finding.Status is FindingStatus.Failed);
        Assert.Contains("proxy_pass", down.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_deletion_is_off_nothing_stays_unless_a_repository_is_named()
    {
        await using var registry = await StartAsync(http => http, delete: false);
        await using var nginx = await BeforeAsync(registry, settings => settings);
        var findings = await ExamineAsync(nginx);
        Assert.Equal(FindingStatus.Passed, findings.Single(finding => finding.Check == "Cancel").Status);
        Assert.Equal(FindingStatus.Skipped, findings.Single(finding => finding.Check == "Delete").Status);
        Assert.DoesNotContain(findings, finding => finding.Check == "Commit");
        Assert.Empty(await registry.Http.ListRepositoriesAsync(Token));

        findings = await ExamineAsync(nginx, what: new ExaminationOptions { Repository = RepositoryName.Parse("mine/here") });
        Assert.Equal(FindingStatus.Skipped, findings.Single(finding => finding.Check == "Delete").Status);
        Assert.Equal(2, (await registry.Http.ListTagsAsync("mine/here", Token)).Count);
    }

    [Fact]
    public async Task Who_only_reads_writes_nothing_and_looks_at_what_is_there()
    {
        await using var registry = await StartAsync();
        await using var nginx = await BeforeAsync(registry, settings => settings with { More = "if ($request_method !~ ^(GET|HEAD)$) { return 405; }" });
        var quick = new ExaminationOptions { OnlyReads = true };
        Assert.Contains(await ExamineAsync(nginx, what: quick), finding => finding is { Check: "Pull", Status: FindingStatus.Skipped });
        await TinyImages.PushAsync(registry.Http, "there", "v1", TestBytes.Make(5000), Token);
        var findings = await ExamineAsync(nginx, what: quick);
        Assert.DoesNotContain(findings, finding => finding.Status is FindingStatus.Failed);
        foreach (var check in new[] { "Manifest head", "Manifest content", "Blob head", "Blob content", "Range" })
            Assert.Equal(FindingStatus.Passed, findings.Single(finding => finding.Check == check).Status);
    }

    [Fact]
    public async Task A_repository_that_is_named_is_read_where_nobody_may_list_any()
    {
        await using var registry = await StartAsync();
        await TinyImages.PushAsync(registry.Http, "there", "v1", TestBytes.Make(5000), Token);
        await using var nginx = await BeforeAsync(registry, settings => settings with { Server = "location /v2/_catalog { return 403; }" });
        var findings = await ExamineAsync(nginx, what: new ExaminationOptions { OnlyReads = true, Repository = RepositoryName.Parse("there") });
        Assert.Equal(FindingStatus.Passed, findings.Single(finding => finding.Check == "Blob content").Status);
    }

    [Theory]
    [InlineData("Upload", false)]
    [InlineData("Large body", false)]
    [InlineData("Commit", false)]
    [InlineData("Manifest", false)]
    [InlineData("Chunk", true)]
    [InlineData("Paging", true)]
    public async Task An_examination_that_ends_early_leaves_nothing(string last, bool isCancelled)
    {
        using var folder = new TemporaryFolder();
        await using var registry = await TestRegistry.StartAsync(folder);
        using var client = new RegistryClient(RegistryAddress.FromUri(registry.Http.Address), new RegistryClientOptions());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        try
        {
            await foreach (var finding in client.ExamineAsync(new ExaminationOptions(), stop.Token))
            {
                if (finding.Check != last)
                    continue;
                if (!isCancelled)
                    break;
                await stop.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (isCancelled)
        {
        }
        await MustKeepNothingAsync(registry);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories),
            file => file.Contains("_uploads", StringComparison.Ordinal) || file.Contains("_layers", StringComparison.Ordinal));
    }

    private async Task<DeploymentFinding> MustFindAsync(Nginx nginx, string check, FindingStatus status, string remedy)
    {
        var findings = await ExamineAsync(nginx);
        var finding = Assert.Single(findings, finding => finding.Check == check);
        Assert.True(status == finding.Status, string.Join('\n', findings));
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
        return finding;
    }

    private static async Task MustKeepNothingAsync(TestRegistry registry)
    {
        foreach (var repository in await registry.Http.ListRepositoriesAsync(Token))
            Assert.Empty(await registry.Http.ListTagsAsync(repository, Token));
    }

    private async Task<List<DeploymentFinding>> ExamineAsync(Nginx nginx, string scheme = "https", ExaminationOptions? what = null)
    {
        using var client = new RegistryClient(RegistryAddress.FromUri(new Uri($"{scheme}://{nginx.Authority}/")), Options());
        return await ListAsync(client, what ?? new ExaminationOptions());
    }

    private RegistryClientOptions Options() => new() { CertificateAuthority = [X509Certificate2.CreateFromPem(_tls.Authority.Pem)] };

    private static async Task<List<DeploymentFinding>> ListAsync(RegistryClient client, ExaminationOptions what)
    {
        var findings = new List<DeploymentFinding>();
        await foreach (var finding in client.ExamineAsync(what, Token))
            findings.Add(finding);
        return findings;
    }

    private Task<Nginx> BeforeAsync(TestRegistry registry, Func<NginxSettings, NginxSettings> change) =>
        Nginx.StartAsync(change(new NginxSettings([registry.Http.Address.Authority]) { Tls = _tls }), Token);

    private static Task<TestRegistry> StartAsync(Func<HttpConfiguration, HttpConfiguration>? change = null, bool delete = true, bool auth = false) =>
        TestRegistry.StartAsync(configuration => configuration with
        {
            Http = change?.Invoke(configuration.Http) ?? configuration.Http,
            Storage = configuration.Storage with { DeleteEnabled = delete },
            Auth = auth ? new AuthConfiguration { Silly = new SillyConfiguration("http://127.0.0.1/token", "silly") } : configuration.Auth,
        });
}
