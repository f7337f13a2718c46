namespace PSRegistry.Server.Tests.Configuration;

public sealed class NotificationKeyTests
{
    [Fact]
    public void Every_key_of_an_endpoint_arrives()
    {
        var notifications = Given.File(Given.Minimum + """
            notifications:
              events: {includereferences: true}
              endpoints:
              - name: hook
                disabled: true
                url: 'https://me:swordfish@a:8443/b'
                headers: {Authorization: [Bearer x], X-A: [b, c]}
                timeout: 500ms
                threshold: 5
                backoff: 3s
                ignoredmediatypes: [a/b]
                ignore: {mediatypes: [c/d], actions: [pull, mount]}
            """).Clean().Notifications;
        var endpoint = Assert.Single(notifications.Endpoints);
        Assert.Equal(("hook", true, new Uri("https://me:swordfish@a:8443/b")), (endpoint.Name, endpoint.Disabled, endpoint.Url));
        Assert.Equal((TimeSpan.FromMilliseconds(500), 5, TimeSpan.FromSeconds(3)), (endpoint.Timeout, endpoint.Threshold, endpoint.Backoff));
        Assert.Equal(["b", "c"], endpoint.Headers["x-a"]);
        Assert.Equal(["a/b", "c/d"], endpoint.IgnoredMediaTypes.Order());
        Assert.Equal(["mount", "pull"], endpoint.IgnoredActions.Order());
        Assert.True(notifications.IncludeReferences);
        Assert.DoesNotContain("swordfish", endpoint.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer", endpoint.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_said_or_zero_is_as_in_the_original()
    {
        var endpoint = Assert.Single(Given.File(Given.Minimum + "notifications: {endpoints: [{url: 'http://a/b', timeout: 0, threshold: 0, backoff: 0s}]}\n").Clean().Notifications.Endpoints);
        Assert.Equal((TimeSpan.FromSeconds(1), 10, TimeSpan.FromSeconds(1)), (endpoint.Timeout, endpoint.Threshold, endpoint.Backoff));
        Assert.Equal("http://a/b", endpoint.Name);
    }

    [Fact]
    public void Of_two_endpoints_of_one_name_each_gets_a_place_of_its_own()
    {
        var result = Given.File(Given.Minimum + "notifications: {endpoints: [{name: a, url: http://a}, {name: a, url: http://b}]}\n");
        Assert.Equal("notifications.endpoints[1].name", result.OnlyWarning().KeyPath);
        Assert.Equal(["a", "a (2)"], result.Configuration!.Notifications.Endpoints.Select(endpoint => endpoint.Name));
    }

    [Theory]
    [InlineData("{endpoints: [{name: a}]}", "notifications.endpoints[0].url")]
    [InlineData("{endpoints: [{name: a, url: 'ftp://me:swordfish@a'}]}", "notifications.endpoints[0].url")]
    [InlineData("{endpoints: [{name: a, url: /relative}]}", "notifications.endpoints[0].url")]
    [InlineData("{endpoints: [{url: 'http://a', timeout: soon}]}", "notifications.endpoints[0].timeout")]
    [InlineData("{endpoints: [{url: 'http://a', backoff: -1s}]}", "notifications.endpoints[0].backoff")]
    [InlineData("{endpoints: [{url: 'http://a', threshold: -1}]}", "notifications.endpoints[0].threshold")]
    [InlineData("{endpoints: [{url: 'http://a', ignore: {actions: [pull, swordfishing]}}]}", "notifications.endpoints[0].ignore.actions")]
    [InlineData("{endpoints: [{url: 'http://a', headers: {Authorization: swordfish}}]}", "notifications.endpoints[0].headers")]
    [InlineData("{endpoints: {url: 'http://a'}}", "notifications.endpoints")]
    [InlineData("{outbox: {maxsize: 12}}", "notifications.outbox.maxsize")]
    public void A_bad_value_is_an_error_with_its_place(string section, string path)
    {
        var fault = Given.File($"{Given.Minimum}notifications: {section}\n").OnlyError();
        Assert.Equal((path, "config.yml:3"), (fault.KeyPath, fault.Origin));
        Assert.DoesNotContain("swordfish@", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{endpoints: [{url: 'http://a'}]}", true)]
    [InlineData("{endpoints: [{url: 'http://a', disabled: true}]}", false)]
    [InlineData("{outbox: {enabled: true}}", true)]
    [InlineData("{outbox: {maxsize: 2000000}}", false)]
    [InlineData("{}", false)]
    public void Events_are_recorded_for_an_endpoint_or_when_that_is_said(string section, bool isRecording) =>
        Assert.Equal(isRecording, Given.File($"{Given.Minimum}notifications: {section}\n").Clean().Notifications.IsRecording);
}
