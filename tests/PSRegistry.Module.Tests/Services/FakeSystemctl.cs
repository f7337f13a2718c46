using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Services;

/// <summary>
/// A program systemctl that notes what it is asked and answers as the real one would, so that no test touches the services of the machine
/// that it runs on; and a folder of units that systemd's own variable names. A program psregistry lies beside it.
/// </summary>
internal sealed class FakeSystemctl : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _folder = new();

    public FakeSystemctl()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is a program of Linux.");
        Directory.CreateDirectory(_folder["bin"]);
        Directory.CreateDirectory(_folder["units"]);
        Write("systemctl", """
            #!/bin/sh
            printf '%s\n' "$*" >>"$FAKE_SYSTEMCTL_LOG"
            case " $* " in
            *" is-system-running "*) echo "${FAKE_SYSTEMCTL_STATE:-running}" ;;
            *" show "*) echo "ActiveState=active" ;;
            *" is-enabled "*) echo "enabled" ;;
            *" start "*) if [ -n "$FAKE_SYSTEMCTL_FAULT" ]; then echo "$FAKE_SYSTEMCTL_FAULT" >&2; exit 1; fi ;;
            esac
            """);
        Write("psregistry", "#!/bin/sh\nexit 1\n");
    }

    /// <summary>Where units are written.</summary>
    public string Units => _folder["units"];

    /// <summary>The program psregistry that is found on PATH.</summary>
    public string Program => _folder["bin", "psregistry"];

    /// <summary>What was asked, without the options that each call has.</summary>
    public IReadOnlyList<string> Calls => !File.Exists(_folder["log"])
        ? []
        : [.. File.ReadAllLines(_folder["log"]).Select(line => line.Replace("--no-pager --no-ask-password ", "", StringComparison.Ordinal))];

    /// <summary>Variables that put it in the place of the real one.</summary>
    public (string Name, string? Value)[] Variables =>
    [
        ("PATH", $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}"), ("SYSTEMD_UNIT_PATH", Units), ("FAKE_SYSTEMCTL_LOG", _folder["log"]),
    ];

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string script)
    {
        File.WriteAllText(_folder["bin", name], script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder["bin", name], Executable);
    }
}
