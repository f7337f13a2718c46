using System.Security.Cryptography.X509Certificates;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Services;

public sealed class ServiceTests : IDisposable
{
    private const string Secret = "wolf in $sheep \"quoted\" %h \\ 'end'";

    private readonly FakeSystemctl _systemd = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Unit => Path.Combine(_systemd.Units, "psregistry.service");

    private string UnitText => File.ReadAllText(Unit);

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_service_is_written_enabled_started_shown_and_taken_away()
    {
        var config = Write("config.yml");
        var output = await RunAsync($$"""
            Register-RegistryService '{{config}}' -User registry -Start -PassThru | ForEach-Object { "$($_.Name) $($_.Scope) $($_.Status) $($_.StartupType) $($_.User) $($_.ConfigPath) $($_.ProgramPath) $($_.UnitPath)" }
            """);
        Assert.Equal($"psregistry System Running Automatic registry {config} {_systemd.Program} {Unit}", output.Trim());
        Assert.Equal(["is-system-running", "daemon-reload", "enable psregistry.service", "start psregistry.service"], _systemd.Calls.Take(4));
        Assert.Contains($"\nExecStart=\"{_systemd.Program}\" serve \"{config}\"\n", UnitText, StringComparison.Ordinal);
        Assert.Contains("\nUser=registry\n", UnitText, StringComparison.Ordinal);
        Assert.Contains($"\nReadWritePaths=\"{_folder["data"]}\"\n", UnitText, StringComparison.Ordinal);
        Assert.Contains("\nCapabilityBoundingSet=\n", UnitText, StringComparison.Ordinal);
        // 30 s to drain, 5 s before, and time to close.
        Assert.Contains("\nTimeoutStopSec=65\n", UnitText, StringComparison.Ordinal);

        var before = _systemd.Calls.Count;
        await RunAsync("Get-RegistryService psreg* | Unregister-RegistryService");
        Assert.Equal(["disable --now psregistry.service", "is-system-running", "daemon-reload"], _systemd.Calls.Skip(before).TakeLast(3));
        Assert.Empty(Directory.EnumerateFiles(_systemd.Units));
    }

    [Fact]
    public async Task Values_of_variables_are_for_their_owner_alone()
    {
        var output = await RunAsync(
            $$"""
            Register-RegistryService '{{Write("config.yml")}}' -User registry -Environment @{ REGISTRY_HTTP_SECRET = $env:SECRET; REGISTRY_LOG_LEVEL = 'debug' } -Verbose -PassThru |
                ForEach-Object { "$($_.Environment)"; $_.Definition }
            """, ("SECRET", Secret));
        Assert.StartsWith("REGISTRY_HTTP_SECRET REGISTRY_LOG_LEVEL", output, StringComparison.Ordinal);
        Assert.DoesNotContain("wolf", output + UnitText + string.Join('\n', _systemd.Calls), StringComparison.Ordinal);
        var variables = Path.ChangeExtension(Unit, ".env");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(variables));
        Assert.Contains($"\nEnvironmentFile={variables}\n", UnitText, StringComparison.Ordinal);
        Assert.Equal("REGISTRY_HTTP_SECRET=\"wolf in \\$sheep \\\"quoted\\\" %h \\\\ 'end'\"\nREGISTRY_LOG_LEVEL=\"debug\"\n", await File.ReadAllTextAsync(variables, Token));

        await RunAsync($"Register-RegistryService '{_folder["config.yml"]}' -User registry -Force");
        Assert.False(File.Exists(variables));
        Assert.DoesNotContain("EnvironmentFile", UnitText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_if_shows_the_unit_and_writes_nothing()
    {
        var output = await RunAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -WhatIf -PassThru | ForEach-Object Definition");
        Assert.Contains("ExecReload=/bin/kill -HUP $MAINPID", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_systemd.Units));
        Assert.Empty(_systemd.Calls);
    }

    [Fact]
    public async Task A_faulty_configuration_is_an_error_with_its_line_and_nothing_is_written()
    {
        await File.WriteAllTextAsync(_folder["config.yml"], "version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: nowhere}\n", Token);
        var error = await FailAsync($"Register-RegistryService '{_folder["config.yml"]}' -User registry");
        Assert.StartsWith("ConfigurationFault,PSRegistry.Commands.RegisterRegistryServiceCommand|", error, StringComparison.Ordinal);
        Assert.Contains("config.yml:3", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_systemd.Units));
    }

    [Fact]
    public async Task Variables_of_the_service_count_and_those_of_the_session_do_not()
    {
        await RunAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -Environment @{{ REGISTRY_HTTP_ADDR = ':443' }}", ("REGISTRY_LOG_LEVEL", "loud"));
        Assert.Contains("\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n", UnitText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_that_is_made_for_the_service_gets_folders_that_systemd_keeps()
    {
        // What is named by the variable alone: the file itself lies where no such user could read it.
        var error = await FailAsync($"Register-RegistryService '{Write("config.yml")}'");
        Assert.StartsWith("ServiceUnworkable,", error, StringComparison.Ordinal);
        Assert.Contains(_folder["data"], error, StringComparison.Ordinal);

        await RunAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -Environment @{{ REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY = '/var/lib/registry/images'; REGISTRY_LOG_AUDIT_PATH = '/var/log/registry/audit' }}");
        Assert.Contains("\nStateDirectory=registry/images\n", UnitText, StringComparison.Ordinal);
        Assert.Contains("\nLogsDirectory=registry\n", UnitText, StringComparison.Ordinal);
        Assert.DoesNotContain("ReadWritePaths", UnitText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_may_write_to_the_folder_of_the_issuers_keys()
    {
        await File.WriteAllTextAsync(_folder["users"], "", Token);
        await File.WriteAllTextAsync(_folder["config.yml"], $"version: 0.1\nstorage: inmemory\nauth: {{htpasswd: {{realm: here, path: '{_folder["users"]}', issuer: {{keys: '{_folder["keys"]}'}}}}}}\n", Token);
        Assert.Contains($"install -d -o registry '{_folder["keys"]}'", await FailAsync($"Register-RegistryService '{_folder["config.yml"]}' -User registry"), StringComparison.Ordinal);

        await RunAsync($"Register-RegistryService '{_folder["config.yml"]}' -User registry -Environment @{{ REGISTRY_AUTH_HTPASSWD_ISSUER_KEYS = '/var/lib/registry/keys' }}");
        Assert.Contains("\nStateDirectory=registry/keys\n", UnitText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_file_of_a_list_is_one_that_the_service_has_to_see()
    {
        // Outside of the folders that are kept from services, so that nothing but the list leads into one.
        var certificate = $"/dev/shm/psregistry-test-{Guid.NewGuid():n}.pem";
        try
        {
            using var made = TestCertificate.SelfSigned();
            await File.WriteAllTextAsync(certificate, made.ExportCertificatePem() + "\n" + made.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), Token);
            File.Copy(certificate, _folder["one, two.pem"]);
            await File.WriteAllTextAsync(_folder["config.yml"], $"version: 0.1\nstorage: inmemory\nhttp: {{addr: ':5000', tls: {{certificate: {certificate}, key: {certificate}, clientcas: [{certificate}, '{_folder["one, two.pem"]}']}}}}\n", Token);
            var error = await FailAsync($"Register-RegistryService '{_folder["config.yml"]}'");
            Assert.StartsWith("ServiceUnworkable,", error, StringComparison.Ordinal);
            Assert.Contains($"'{_folder["one, two.pem"]}' cannot be relied on", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(certificate);
        }
    }

    [Theory]
    [InlineData("([ordered]@{ REGISTRY_HTTP_ADDR = ':443'; REGISTRY_LOG_LEVEL = 'debug' })")]
    [InlineData("$($d = [System.Collections.Generic.Dictionary[string, string]]::new(); $d['REGISTRY_HTTP_ADDR'] = ':443'; $d['REGISTRY_LOG_LEVEL'] = 'debug'; $d)")]
    [InlineData("$($d = [System.Collections.Generic.SortedDictionary[string, object]]::new(); $d['REGISTRY_HTTP_ADDR'] = [psobject]':443'; $d['REGISTRY_LOG_LEVEL'] = 'debug'; $d)")]
    public async Task Variables_come_in_any_dictionary(string variables)
    {
        await RunAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -Environment {variables}");
        Assert.Contains("\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n", UnitText, StringComparison.Ordinal);
        Assert.Equal("REGISTRY_HTTP_ADDR=\":443\"\nREGISTRY_LOG_LEVEL=\"debug\"\n", await File.ReadAllTextAsync(Path.ChangeExtension(Unit, ".env"), Token));
    }

    [Theory]
    [InlineData("@{ REGISTRY_LOG_LEVEL = 'wolf', 'sheep' }", "the value of REGISTRY_LOG_LEVEL is of the type Object[]")]
    [InlineData("@{ REGISTRY_HTTP_SECRET = [securestring]::new() }", "the value of REGISTRY_HTTP_SECRET is of the type SecureString")]
    [InlineData("@{ ([pscustomobject]@{ a = 1 }) = 'wolf' }", "the name of a variable is of the type PSCustomObject")]
    [InlineData("@{ ([char]'A') = 'wolf'; A = 'sheep' }", "A is there twice")]
    public async Task A_variable_that_is_no_text_is_an_error(string variables, string fault)
    {
        var error = await FailAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -Environment {variables}");
        Assert.StartsWith("InvalidServiceValue,", error, StringComparison.Ordinal);
        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.DoesNotContain("wolf", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_systemd.Units));
    }

    [Fact]
    public async Task A_debug_server_beside_a_socket_may_listen_on_a_low_port()
    {
        await RunAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -Environment @{{ REGISTRY_HTTP_NET = 'unix'; REGISTRY_HTTP_ADDR = '{_folder["data"]}/socket'; REGISTRY_HTTP_DEBUG_ADDR = '127.0.0.1:81' }}");
        Assert.Contains("\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n", UnitText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".5m", 60)]
    [InlineData("+30s", 60)]
    [InlineData("45000000000", 75)]
    public async Task The_time_to_stop_is_what_the_server_reads(string draintimeout, int seconds)
    {
        await RunAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -Environment @{{ REGISTRY_HTTP_DRAINTIMEOUT = '{draintimeout}'; REGISTRY_HTTP_DRAINDELAY = '0' }}");
        Assert.Contains($"\nTimeoutStopSec={seconds}\n", UnitText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_an_error_with_the_command_that_makes_it()
    {
        var config = Write("config.yml");
        Directory.Delete(_folder["data"]);
        Assert.Contains($"install -d -o registry '{_folder["data"]}'", await FailAsync($"Register-RegistryService '{config}' -User registry"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_there_is_replaced_only_when_that_is_said_and_a_foreign_unit_never()
    {
        var config = Write("config.yml");
        await RunAsync($"Register-RegistryService '{config}' -User registry");
        Assert.StartsWith("ServiceExists,", await FailAsync($"Register-RegistryService '{config}' -User other"), StringComparison.Ordinal);
        Assert.Contains("\nUser=registry\n", UnitText, StringComparison.Ordinal);
        await RunAsync($"Register-RegistryService '{config}' -User other -StartupType Manual -Start -Force");
        Assert.Contains("\nUser=other\n", UnitText, StringComparison.Ordinal);
        Assert.Equal(["disable psregistry.service", "restart psregistry.service"], _systemd.Calls.TakeLast(2));

        await File.WriteAllTextAsync(Unit, "[Service]\nExecStart=/bin/true\n", Token);
        Assert.StartsWith("ServiceExists,", await FailAsync($"Register-RegistryService '{config}' -User registry -Force"), StringComparison.Ordinal);
        Assert.StartsWith("ServiceNotFound,", await FailAsync("Unregister-RegistryService"), StringComparison.Ordinal);
        Assert.StartsWith("ServiceNotFound,", await FailAsync("Get-RegistryService psregistry"), StringComparison.Ordinal);
        Assert.Equal("[Service]\nExecStart=/bin/true\n", UnitText);
    }

    [Theory]
    [InlineData("-Name \"a`nb\"")]
    [InlineData("-Name ../ssh")]
    [InlineData("-User \"root`nExecStartPre=/bin/true\"")]
    [InlineData("-Environment @{ \"A`nB\" = 'x' }")]
    [InlineData("-Environment @{ A = \"x`nB=y\" }")]
    [InlineData("-Environment @{ 'A B' = 'x' }")]
    public async Task A_value_that_could_become_a_line_of_its_own_is_refused(string parameter)
    {
        var user = parameter.StartsWith("-User", StringComparison.Ordinal) ? "" : "-User registry";
        Assert.StartsWith("InvalidServiceValue,", await FailAsync($"Register-RegistryService '{Write("config.yml")}' {user} {parameter}"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_systemd.Units));
    }

    [Theory]
    [InlineData("line\nbreak.yml")]
    [InlineData("quo\"te.yml")]
    public async Task A_path_that_could_leave_its_quotes_is_refused(string name)
    {
        var config = Write(name);
        Assert.StartsWith("InvalidServiceValue,", await FailAsync("Register-RegistryService $env:CONFIG -User registry", ("CONFIG", config)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_systemd.Units));
    }

    [Fact]
    public async Task What_systemctl_says_when_it_fails_is_told()
    {
        var error = await FailAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -Start", ("FAKE_SYSTEMCTL_FAULT", "Job for psregistry.service failed."));
        Assert.StartsWith("ServiceManagerRefused,", error, StringComparison.Ordinal);
        Assert.Contains("systemctl start psregistry.service ended with 1: Job for psregistry.service failed", error, StringComparison.Ordinal);
        Assert.Contains("journalctl -u psregistry", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_systemd_does_not_run_the_unit_is_written_and_a_warning_says_so()
    {
        var output = await RunAsync($"Register-RegistryService '{Write("config.yml")}' -User registry -Start 3>&1 | ForEach-Object {{ \"$_\" }}", ("FAKE_SYSTEMCTL_STATE", "offline"));
        Assert.Contains("systemd does not run here", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Unit));
        Assert.Equal(["is-system-running", "enable psregistry.service"], _systemd.Calls);
    }

    [Fact]
    public async Task A_service_of_a_user_asks_for_no_rights_that_users_lack()
    {
        await RunAsync($"Register-RegistryService '{Write("config.yml")}' -Scope User -Start");
        var unit = await File.ReadAllTextAsync(Path.Combine(_systemd.Units, "user", "psregistry.service"), Token);
        Assert.Contains("\nWantedBy=default.target\n", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("\nUser=", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("\nProtect", unit, StringComparison.Ordinal);
        Assert.Equal("--user start psregistry.service", _systemd.Calls[^1]);
        Assert.Equal("User", (await RunAsync("Get-RegistryService | ForEach-Object { \"$($_.Scope)\" }")).Trim());
        Assert.StartsWith("ServiceUnworkable,", await FailAsync($"Register-RegistryService '{_folder["config.yml"]}' -Scope User -User ann -Force"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_program_the_error_tells_how_to_get_one()
    {
        var config = Write("config.yml");
        File.Delete(_systemd.Program);
        var error = await FailAsync($"Register-RegistryService '{config}' -User registry", ("PATH", Path.GetDirectoryName(_systemd.Program)));
        Assert.StartsWith("ServiceProgramMissing,", error, StringComparison.Ordinal);
        Assert.Contains("dotnet publish src/PSRegistry.Host", error, StringComparison.Ordinal);
        Assert.StartsWith("ServiceProgramMissing,", await FailAsync($"Register-RegistryService '{config}' -User registry -ProgramPath '{config}'"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System", "config.yml")]
    [InlineData("System", "50% of $HOME, it's %h.yml")]
    [InlineData("User", "config.yml")]
    public async Task Systemd_itself_finds_no_fault_in_the_unit(string scope, string name)
    {
        var analyze = Peer.Require("systemd-analyze");
        var config = Write(name);
        var user = scope == "System" ? "-User root" : "";
        var shown = await RunAsync(
            $"Register-RegistryService $env:CONFIG -Scope {scope} {user} -Environment @{{ REGISTRY_HTTP_ADDR = ':80' }}; Get-RegistryService | ForEach-Object ConfigPath", ("CONFIG", config));
        Assert.Equal(config, shown.Trim());
        var unit = Directory.EnumerateFiles(_systemd.Units, "*.service", SearchOption.AllDirectories).Single();
        // It wants to make a folder there when it looks at units of users.
        var verify = new ProgramCommand(analyze, [$"--{scope.ToLowerInvariant()}", "--man=no", "verify", unit]) { Environment = new Dictionary<string, string?> { ["XDG_RUNTIME_DIR"] = _folder.Path } };
        var run = await ProgramRun.OfAsync(verify, Token);
        Assert.Equal("", run.MustExitWith(0).Output + Lines(run.Error, Path.GetFileName(unit)));
    }

    /// <summary>What is said of our unit: it looks at those of the machine as well.</summary>
    private static string Lines(string text, string unit) =>
        string.Join('\n', text.Split('\n').Where(line => line.Contains(unit, StringComparison.Ordinal) || line.Contains("psregistry", StringComparison.Ordinal)));

    private async Task<string> RunAsync(string script, params (string Name, string? Value)[] variables) =>
        (await Shell.RunAsync($"$ErrorActionPreference = 'Stop'; {script}", Token, [.. variables.Concat(_systemd.Variables).DistinctBy(variable => variable.Name)])).Output;

    /// <summary>Runs a script that must write one error: its id, its message and what it advises.</summary>
    private async Task<string> FailAsync(string script, params (string Name, string? Value)[] variables) => Assert.Single(
        (await RunAsync($"{script} -ErrorAction SilentlyContinue -ErrorVariable failed; foreach ($one in $failed) {{ \"$($one.FullyQualifiedErrorId)|$one|$($one.ErrorDetails.RecommendedAction)\".Replace(\"`n\", ' ') }}", variables))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private string Write(string name)
    {
        Directory.CreateDirectory(_folder["data"]);
        File.WriteAllText(_folder[name], $"""
            version: 0.1
            http: {"{"}addr: '127.0.0.1:0', draintimeout: 30s, draindelay: 5s{"}"}
            storage:
              filesystem: {"{"}rootdirectory: '{_folder["data"]}'{"}"}
            """);
        return _folder[name];
    }
}
