using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class UnknownKeyTests
{
    [Fact]
    public void An_unknown_key_is_a_warning_with_its_line_and_the_nearest_key()
    {
        var fault = Given.File(Given.Minimum + "http:\n  addr: :5000\n  hots: https://a\n").OnlyWarning();
        Assert.Equal(("http.hots", "config.yml:5", "Did you mean http.host?"), (fault.KeyPath, fault.Origin, fault.Remedy));
    }

    [Theory]
    [InlineData("lgo: {}", "lgo", "log")]
    [InlineData("maxtags: 5", "maxtags", "tags.maxtags")]
    [InlineData("http: {draintimeuot: 5s}", "http.draintimeuot", "http.draintimeout")]
    [InlineData("HEALTH: {}", "HEALTH", "health")]
    [InlineData("notifications: {events: {includereference: true}}", "notifications.events.includereference", "notifications.events.includereferences")]
    public void The_nearest_key_is_the_one_that_was_meant(string line, string path, string nearest)
    {
        var fault = Given.File($"{Given.Minimum}{line}\n").OnlyWarning();
        Assert.Equal((path, $"Did you mean {nearest}?"), (fault.KeyPath, fault.Remedy));
    }

    [Theory]
    [InlineData("x-common: {}")]
    [InlineData("catalog: {enabled: true}")]
    public void A_key_that_resembles_none_or_many_gets_no_guess(string line) =>
        Assert.Equal("Remove it", Given.File($"{Given.Minimum}{line}\n").OnlyWarning().Remedy);

    [Fact]
    public void An_unknown_key_is_an_error_when_strict()
    {
        Assert.Equal("http.hots", Given.Strict(Given.Minimum + "http: {hots: https://a}\n").OnlyError().KeyPath);
        Assert.Equal("port", Given.Strict(Given.Minimum, ("REGISTRY_PORT", "tcp://10.0.0.1:5000")).OnlyError().KeyPath);
    }

    [Theory]
    [InlineData("version: 0.1\nstorage: {filesystem: {rootdirectroy: /srv}}", "storage.filesystem.rootdirectroy", "storage.filesystem.rootdirectory")]
    [InlineData("version: 0.1\nstorage: {inmemory: {rootdirectory: /srv}}", "storage.inmemory.rootdirectory", "storage.filesystem.rootdirectory")]
    [InlineData("version: 0.1\nstorage: {filesytem: {rootdirectory: /srv}}", "storage.filesytem", "storage.filesystem")]
    [InlineData("version: 0.1\nstorage: filesytem", "storage.filesytem", "storage.filesystem")]
    [InlineData("version: 0.1\nstorage: inmemory\nauth: {htpaswd: {realm: a}}", "auth.htpaswd", "auth.htpasswd")]
    [InlineData("version: 0.1\nstorage: inmemory\nauth: basic", "auth.basic", null)]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp: {tls: {certificat: /a.pem}}", "http.tls.certificat", "http.tls.certificate")]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp: {tls: {letsencrypt: {mail: a}}}", "http.tls.letsencrypt.mail", "http.tls.letsencrypt.email")]
    public void An_unknown_key_where_it_could_open_or_move_the_registry_is_always_an_error(string text, string path, string? nearest)
    {
        var fault = Given.File(text).OnlyError();
        Assert.Equal(path, fault.KeyPath);
        if (nearest is not null) Assert.Equal($"Did you mean {nearest}?", fault.Remedy);
    }

    [Fact]
    public void An_unknown_key_beside_the_driver_is_a_warning()
    {
        var result = Given.File("version: 0.1\nstorage: {inmemory: , delete: {enabeld: true}}\n");
        Assert.Equal("storage.delete.enabeld", result.OnlyWarning().KeyPath);
        Assert.False(result.Configuration!.Storage.DeleteEnabled);
    }

    [Theory]
    [InlineData("addr", "addr", 0)]
    [InlineData("address", "addr", 3)]
    [InlineData("hsot", "host", 1)]
    [InlineData("", "tls", 3)]
    public void Distance_counts_changes_and_a_swap_as_one(string left, string right, int distance) =>
        Assert.Equal(distance, NearestKey.Distance(left, right));
}
