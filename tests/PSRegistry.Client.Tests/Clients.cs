using System.Net;
using PSRegistry.Oci;

namespace PSRegistry.Client.Tests;

/// <summary>The clients that tests use, and what they do with them.</summary>
internal static class Clients
{
    public static RepositoryName Repository { get; } = RepositoryName.Parse("library/app");

    /// <summary>A client whose retries do not wait.</summary>
    public static RegistryClient Of(Uri address, RegistryClientOptions? options = null) =>
        new(RegistryAddress.FromUri(address), options ?? Impatient(new ImpatientClock()));

    public static RegistryClientOptions Impatient(TimeProvider clock) => new() { Surroundings = new Surroundings { Clock = clock } };

    /// <summary>The login that <see cref="Testing.TokenServer"/> knows.</summary>
    public static RegistryClientOptions LoggedIn(string password = "wolf") =>
        Impatient(new ImpatientClock()) with { Credential = new NetworkCredential("ann", password) };

    public static async Task<List<string>> TagsAsync(this RegistryClient client, string? after = null)
    {
        var names = new List<string>();
        await foreach (var tag in client.ListTagsAsync(Repository, after, TestContext.Current.CancellationToken))
            names.Add(tag.ToString());
        return names;
    }

    public static async Task<List<string>> RepositoriesAsync(this RegistryClient client, string? after = null)
    {
        var names = new List<string>();
        await foreach (var name in client.ListRepositoriesAsync(after, TestContext.Current.CancellationToken))
            names.Add(name.ToString());
        return names;
    }

    /// <summary>The failure of what must fail in one way, with a message that is a sentence.</summary>
    public static async Task<RegistryRequestException> FailsAsync(RegistryFailure failure, Func<Task> action)
    {
        var fault = await Assert.ThrowsAsync<RegistryRequestException>(action);
        Assert.True(failure == fault.Failure, $"{fault.Failure}, not {failure}: {fault}");
        Assert.Matches(@"^[A-Z'0-9a-z\[].*[.?…]$", fault.Message);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        return fault;
    }
}
