using PSRegistry.Server.Http;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>What series and spans are called.</summary>
public sealed class RouteTagTests
{
    [Fact]
    public void Every_route_has_a_name_and_a_template_of_its_own()
    {
        var known = Enum.GetValues<RouteKind>().Where(kind => kind is not RouteKind.Unknown).ToList();
        Assert.DoesNotContain("other", known.Select(RouteTags.Handler));
        Assert.Equal(known.Count, known.Select(RouteTags.Template).OfType<string>().Distinct().Count());
    }

    [Theory]
    [InlineData("GET", "GET")]
    [InlineData("get", "GET")]
    [InlineData("TRACE", "TRACE")]
    [InlineData("BREW", "_OTHER")]
    public void The_method_of_a_span_is_canonical(string sent, string told) => Assert.Equal(told, RouteTags.SpanMethod(sent));
}
