using Microsoft.Extensions.Logging.Abstractions;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Issuing;

/// <summary>Keys of the issuer change over the years, and nobody notices.</summary>
public sealed class IssuerKeysTests : IAsyncDisposable
{
    private static readonly IssuerConfiguration Issuer = new() { Rotation = TimeSpan.FromDays(30), RefreshExpiration = TimeSpan.FromDays(90) };

    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public void Of_two_servers_that_start_at_once_the_first_ones_key_counts()
    {
        IssuerKeys[] servers = new IssuerKeys[8];
        Parallel.For(0, servers.Length, i => servers[i] = Open());
        Assert.Single(servers.Select(keys => keys.Signer.Public.Thumbprint).Distinct());
        Assert.Single(Directory.GetFiles(_folder["keys"]));
    }

    [Fact]
    public void A_new_key_signs_only_when_every_server_has_seen_it()
    {
        var (one, two) = (Open(), Open());
        var old = one.Signer;
        _clock.Now += Issuer.Rotation;
        Assert.Equal(old.Number, one.Signer.Number);
        Assert.Equal(2, Directory.GetFiles(_folder["keys"]).Length);
        _clock.Now += TimeSpan.FromSeconds(30);
        Assert.NotNull(two.Current().Find(one.Find(2)!.Public.Thumbprint));
        Assert.Equal((1, 1), (one.Signer.Number, two.Signer.Number));
        _clock.Now += TimeSpan.FromSeconds(31);
        Assert.Equal((2, 2), (one.Signer.Number, two.Signer.Number));
        Assert.Equal(2, Directory.GetFiles(_folder["keys"]).Length);
    }

    [Fact]
    public void An_old_key_verifies_until_its_last_token_is_over_and_knows_refresh_tokens_until_theirs_are()
    {
        var keys = Open();
        var old = keys.Signer;
        _clock.Now += Issuer.Rotation;
        _ = keys.Signer;
        _clock.Now += IssuerKeys.Rest + Issuer.Expiration;
        Assert.NotNull(keys.Current().Find(old.Public.Thumbprint));
        _clock.Now += TimeSpan.FromHours(2);
        Assert.Null(keys.Current().Find(old.Public.Thumbprint));
        Assert.NotNull(keys.Find(old.Number));
        _clock.Now += TimeSpan.FromDays(29);
        Assert.NotNull(keys.Find(old.Number));
        _clock.Now += TimeSpan.FromDays(90);
        Assert.Null(keys.Find(old.Number));
        Assert.DoesNotContain(Directory.GetFiles(_folder["keys"]), file => file.EndsWith("000001.key", StringComparison.Ordinal));
    }

    [Fact]
    public void Ten_years_leave_a_handful_of_keys_and_a_login_of_each_day_its_life()
    {
        var keys = Open();
        var entry = HtpasswdUsers.Parse(AccessRegistry.Line("ann", "wolf"));
        var refresh = new RefreshTokens(Issuer, keys, _clock);
        var given = new Queue<(string Token, DateTimeOffset At)>();
        for (var day = 0; day < 3650; day++)
        {
            given.Enqueue((refresh.Issue(entry.Find("ann")!), _clock.Now));
            while (given.Peek().At < _clock.Now - TimeSpan.FromDays(89))
                given.Dequeue();
            Assert.NotNull(refresh.Verify(given.Peek().Token, entry));
            _clock.Now += TimeSpan.FromDays(1);
        }
        Assert.InRange(Directory.GetFiles(_folder["keys"]).Length, 4, 6);
        _clock.Now += TimeSpan.FromDays(91);
        Assert.Null(refresh.Verify(given.Peek().Token, entry));
    }

    [Fact]
    public void The_same_object_says_that_nothing_has_changed()
    {
        var keys = Open();
        var trusted = keys.Current();
        _clock.Now += TimeSpan.FromMinutes(5);
        Assert.Same(trusted, keys.Current());
    }

    [Fact]
    public async Task A_damaged_key_is_passed_over_and_replaced()
    {
        var keys = Open();
        var first = keys.Signer.Public.Thumbprint;
        await File.WriteAllTextAsync(Path.Combine(_folder["keys"], "000002.key"), "made 2026-01-01T00:00:00Z\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", TestContext.Current.CancellationToken);
        _clock.Now += Issuer.Rotation;
        _ = keys.Signer;
        _clock.Now += TimeSpan.FromMinutes(2);
        _ = keys.Signer;
        _clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(3, keys.Signer.Number);
        Assert.NotNull(keys.Current().Find(first));
    }

    [Fact]
    public void A_folder_that_is_gone_leaves_the_keys_as_they_were()
    {
        var keys = Open();
        var before = keys.Signer;
        Directory.Delete(_folder["keys"], recursive: true);
        File.WriteAllText(_folder["keys"], "");
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.Same(before, keys.Signer);
        File.Delete(_folder["keys"]);
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.NotNull(keys.Signer);
    }

    private IssuerKeys Open() => new(new IssuerKeyFolder(_folder["keys"]), Issuer, NullLogger.Instance, _clock);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
