using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Users;

public sealed class UserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new(("ann", Logins.Of("ann", "wolf-in-sheep")), ("bob", Logins.Of("bob", "sheep-in-wolf")));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder["users"];

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_is_made_for_its_owner_with_its_first_user()
    {
        Assert.Empty(_session.Run($"Set-RegistryUser '{File}' $ann -Cost 4"));
        var user = Assert.Single(_session.Run($"Get-RegistryUser '{File}'"));
        Assert.Equal(("ann", "bcrypt", 4, true, File), (user.Get<string>("User"), user.Get<string>("Hash"), user.Get<int>("Cost"), user.Get<bool>("CanLogIn"), user.Get<string>("Path")));
        Assert.DoesNotContain(user.Properties, property => property.Value?.ToString()?.Contains("$2y$", StringComparison.Ordinal) ?? false);
        Assert.Equal(["users"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void The_rest_of_a_file_stays_byte_for_byte()
    {
        byte[] before = [.. "# the team\r\nbob:{SHA}x\r\n\r\nann:old\n"u8, 0xFF, 0xFE, .. ":no utf-8\nann:older\nlast:$2y$"u8];
        System.IO.File.WriteAllBytes(File, before);
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        var set = Assert.Single(_session.Run($"Set-RegistryUser '{File}' $ann -Cost 4 -PassThru"));
        Assert.Equal("ann", set.ToString());
        var after = System.IO.File.ReadAllBytes(File);
        Assert.Equal("# the team\r\nbob:{SHA}x\r\n\r\nann:$2y$04$"u8.ToArray(), after[..37]);
        Assert.Equal([(byte)'\n', 0xFF, 0xFE, .. ":no utf-8\nlast:$2y$"u8], after[^22..]);
        if (!OperatingSystem.IsWindows())
            Assert.Equal("GroupWrite, GroupRead, UserWrite, UserRead", System.IO.File.GetUnixFileMode(File).ToString());
    }

    [Fact]
    public void A_user_is_taken_out_with_every_line_and_no_other_user_with_it()
    {
        System.IO.File.WriteAllText(File, "ann:one\n# ann\nAnn:two\nann:three\nanne:four");
        Assert.Empty(_session.Run($"Remove-RegistryUser '{File}' ann"));
        Assert.Equal("# ann\nAnn:two\nanne:four", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Users_are_chosen_by_wildcards_and_taken_out_by_the_pipeline()
    {
        System.IO.File.WriteAllText(File, "build-1:x\nann:y\nbuild-2:z\n");
        Assert.Equal(["build-1", "build-2"], _session.Run($"Get-RegistryUser '{File}' build-*").Texts());
        _session.Run($"Get-RegistryUser '{File}' build-* | Remove-RegistryUser -WhatIf");
        Assert.Equal(3, _session.Run($"Get-RegistryUser '{File}'").Count);
        _session.Run($"Get-RegistryUser '{File}' build-* | Remove-RegistryUser");
        Assert.Equal("ann:y\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Why_somebody_cannot_log_in_is_told()
    {
        System.IO.File.WriteAllText(File, "ann:$apr1$x$y\n");
        var user = Assert.Single(_session.Run($"Get-RegistryUser '{File}'"));
        Assert.Equal(("not accepted", false), (user.Get<string>("Hash"), user.Get<bool>("CanLogIn")));
        Assert.Contains("MD5", user.Get<string>("Remark"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_an_error_with_a_way_out()
    {
        Assert.Equal("UserFileNotFound,PSRegistry.Commands.GetRegistryUserCommand", _session.Fails($"Get-RegistryUser '{File}'").FullyQualifiedErrorId);
        Assert.Equal("UserFileNotFound,PSRegistry.Commands.RemoveRegistryUserCommand", _session.Fails($"Remove-RegistryUser '{File}' ann").FullyQualifiedErrorId);
        _session.Run($"Set-RegistryUser '{File}' $ann -Cost 4");
        Assert.Equal("RegistryUserNotFound,PSRegistry.Commands.GetRegistryUserCommand", _session.Fails($"Get-RegistryUser '{File}' Ann").FullyQualifiedErrorId);
        Assert.Equal("RegistryUserNotFound,PSRegistry.Commands.RemoveRegistryUserCommand", _session.Fails($"Remove-RegistryUser '{File}' bob").FullyQualifiedErrorId);
        Directory.CreateDirectory(_folder["folder"]);
        Assert.Equal("UserFileUnusable,PSRegistry.Commands.SetRegistryUserCommand", _session.Fails($"Set-RegistryUser '{_folder["folder"]}' $ann").FullyQualifiedErrorId);
    }

    [Fact]
    public void A_login_that_nobody_could_use_is_refused_without_its_password()
    {
        using var session = new Session(("odd", Logins.Of("ann:smith", "wolf-in-sheep")));
        var error = session.Fails($"Set-RegistryUser '{File}' $odd");
        Assert.Equal("InvalidRegistryUser,PSRegistry.Commands.SetRegistryUserCommand", error.FullyQualifiedErrorId);
        Assert.DoesNotContain("wolf", error.ToString() + error.Exception, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void What_if_writes_nothing()
    {
        _session.Run($"Set-RegistryUser '{File}' $ann -WhatIf");
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task No_writer_loses_the_change_of_another()
    {
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            using var session = new Session(("users", Enumerable.Range(0, 8).Select(user => Logins.Of($"user-{writer}-{user}", "secret")).ToArray()));
            session.Run($"$users | Set-RegistryUser '{File}' -Cost 4");
        }, Token));
        await Task.WhenAll(writers);
        Assert.Equal(32, _session.Run($"Get-RegistryUser '{File}'").Count);
        Assert.Equal(["users"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_running_server_obeys()
    {
        System.IO.File.WriteAllText(_folder["config.yml"], $"version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: '127.0.0.1:0'}}\nauth: {{htpasswd: {{realm: r, path: {File}}}}}\n");
        var server = Assert.Single(_session.Run($"Set-RegistryUser '{File}' $bob -Cost 4; Start-RegistryServer '{_folder["config.yml"]}'")).Get<Uri>("Uri");
        using var ann = new RegistryHttp(server) { Login = "ann:wolf-in-sheep" };
        (await ann.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.Unauthorized);
        _session.Run($"Set-RegistryUser '{File}' $ann -Cost 4");
        await AnswersAsync(ann, HttpStatusCode.OK);
        _session.Run($"Remove-RegistryUser '{File}' ann");
        await AnswersAsync(ann, HttpStatusCode.Unauthorized);
        using var bob = new RegistryHttp(server) { Login = "bob:sheep-in-wolf" };
        (await bob.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_original_and_Apache_read_what_is_written()
    {
        _session.Run($"Set-RegistryUser '{File}' $ann; Set-RegistryUser '{File}' $bob -Cost 5");
        var htpasswd = Peer.Require("htpasswd");
        (await ProgramRun.OfAsync(new ProgramCommand(htpasswd, ["-vb", File, "ann", "wolf-in-sheep"]), Token)).MustExitWith(0);
        (await ProgramRun.OfAsync(new ProgramCommand(htpasswd, ["-vb", File, "bob", "wolf-in-sheep"]), Token)).MustExitWith(3);
        await using var original = await OriginalRegistry.StartAsync(
            new RegistrySettings { DataFolder = _folder["data"], ExtraYaml = $"auth:\n  htpasswd:\n    realm: r\n    path: '{File}'\n" }, Token);
        using var ann = new RegistryHttp(original.Http.Address) { Login = "ann:wolf-in-sheep" };
        (await ann.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        using var nobody = new RegistryHttp(original.Http.Address) { Login = "bob:wolf-in-sheep" };
        (await nobody.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.Unauthorized);
    }

    private static async Task AnswersAsync(RegistryHttp http, HttpStatusCode expected)
    {
        while ((await http.GetAsync("/v2/", Token)).Status != expected)
            await Task.Delay(50, Token);
    }
}
