namespace PSRegistry.Server.Tests.Configuration;

public sealed class MetricsKeyTests
{
    [Theory]
    [InlineData("{enabled: true}", "/metrics")]
    [InlineData("{enabled: true, path: ''}", "/metrics")]
    [InlineData("{enabled: true, path: /numbers}", "/numbers")]
    [InlineData("{enabled: false, path: /numbers}", null)]
    [InlineData("{path: /numbers}", null)]
    public void Metrics_are_offered_when_they_are_switched_on(string section, string? path) =>
        Assert.Equal(path, Given.File($"{Given.Minimum}http: {{debug: {{addr: ':5001', prometheus: {section}}}}}\n").Clean().Http.MetricsPath);

    [Fact]
    public void Variables_switch_them_on() => Assert.Equal("/metrics", Given.Variables(
        ("REGISTRY_HTTP_DEBUG_ADDR", ":5001"), ("REGISTRY_HTTP_DEBUG_PROMETHEUS_ENABLED", "true")).Clean().Http.MetricsPath);

    [Theory]
    [InlineData("metrics")]
    [InlineData("/debug/health")]
    [InlineData("/readyz")]
    [InlineData("'/a b'")]
    [InlineData("[a]")]
    public void A_path_that_cannot_be_is_an_error(string path) => Assert.Equal(
        "http.debug.prometheus.path", Given.File($"{Given.Minimum}http: {{debug: {{addr: ':5001', prometheus: {{enabled: true, path: {path}}}}}}}\n").OnlyError().KeyPath);

    [Theory]
    [InlineData("'true'")]
    [InlineData("2")]
    public void A_switch_that_is_none_is_an_error(string value) => Assert.Equal(
        "http.debug.prometheus.enabled", Given.File($"{Given.Minimum}http: {{debug: {{addr: ':5001', prometheus: {{enabled: {value}}}}}}}\n").OnlyError().KeyPath);
}
