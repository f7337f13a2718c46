using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

/// <summary>
/// What a request allocates is work for every later request. The bounds are half as much again as a build without optimization needs,
/// in which each async method is an object of its own; twice the allocations do not fit. The benchmarks print the optimized figures.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    [Fact]
    public async Task The_requests_of_every_client_allocate_a_known_small_number_of_bytes()
    {
        await using var paths = await HotPaths.StartAsync(TestContext.Current.CancellationToken);
        Dictionary<string, long> bounds = new()
        {
            ["GET /v2/"] = 2_500,
            ["GET manifest by tag"] = 7_000,
            ["GET manifest by digest"] = 6_500,
            ["HEAD manifest by tag"] = 7_000,
            ["HEAD manifest by digest"] = 6_500,
            ["GET blob of 1 KiB"] = 8_000,
            ["tags/list of 100"] = 9_500,
            ["_catalog of 100"] = 17_000,
        };
        Assert.Equal(paths.Requests.Keys.Order(), bounds.Keys.Order());
        var above = bounds.Select(bound => (Name: bound.Key, Bound: bound.Value, Bytes: paths.Allocates(bound.Key))).Where(measured => measured.Bytes > measured.Bound)
            .Select(measured => $"{measured.Name} allocates {measured.Bytes} bytes, more than {measured.Bound}.").ToList();
        Assert.True(above.Count == 0, string.Join('\n', above));
    }
}

/// <summary>What the whole process allocates is counted: nothing may run beside it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
