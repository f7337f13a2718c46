namespace PSRegistry.Server.Tests.Configuration;

/// <summary>Kubernetes puts variables into every pod for each service; one named <c>registry</c> looks like configuration.</summary>
public sealed class KubernetesTests
{
    private static readonly (string, string)[] ServiceNamedRegistry =
    [
        ("REGISTRY_PORT", "tcp://10.96.0.7:5000"),
        ("REGISTRY_PORT_5000_TCP", "tcp://10.96.0.7:5000"),
        ("REGISTRY_PORT_5000_TCP_ADDR", "10.96.0.7"),
        ("REGISTRY_PORT_5000_TCP_PORT", "5000"),
        ("REGISTRY_PORT_5000_TCP_PROTO", "tcp"),
        ("REGISTRY_SERVICE_HOST", "10.96.0.7"),
        ("REGISTRY_SERVICE_PORT", "5000"),
        ("REGISTRY_SERVICE_PORT_HTTP", "5000"),
        ("REGISTRY_HTTP_PORT", "tcp://10.96.0.8:80"),
        ("REGISTRY_HTTP_SERVICE_HOST", "10.96.0.8"),
        ("REGISTRY_PROXY_PORT_80_TCP_ADDR", "10.96.0.9"),
        ("REGISTRY_REDIS_SERVICE_PORT", "6379"),
    ];

    [Fact]
    public void What_Kubernetes_injects_is_a_warning_that_says_where_it_comes_from()
    {
        var result = Given.File(Given.Minimum, ServiceNamedRegistry);
        Assert.NotNull(result.Configuration);
        Assert.Equal(ServiceNamedRegistry.Select(variable => variable.Item1).Order(StringComparer.Ordinal), result.Faults.Select(fault => fault.Origin));
        Assert.All(result.Faults, fault => Assert.Contains("enableServiceLinks", fault.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void It_is_an_error_when_strict()
    {
        var result = Given.Strict(Given.Minimum, ServiceNamedRegistry);
        Assert.Equal(ServiceNamedRegistry.Length, result.Faults.Count(fault => fault.Severity is FaultSeverity.Error));
    }

    [Theory]
    [InlineData("REGISTRY_AUTH_PORT", "tcp://10.96.0.7:5001")]
    [InlineData("REGISTRY_AUTH_SERVICE_HOST", "10.96.0.7")]
    [InlineData("REGISTRY_STORAGE_PORT", "tcp://10.96.0.7:9000")]
    public void Where_the_original_would_not_start_with_it_neither_do_we(string name, string value) =>
        Assert.Equal(name, Given.File(Given.Minimum, (name, value)).OnlyError().Origin);
}
