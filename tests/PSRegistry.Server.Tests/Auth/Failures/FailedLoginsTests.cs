using System.Net;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Tests.Auth.Failures;

/// <summary>Who fails often is slowed down, and nobody else.</summary>
public sealed class FailedLoginsTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1"), There = IPAddress.Parse("192.0.2.2");

    private readonly Clock _clock = new();
    private readonly FailedLogins _failures;

    public FailedLoginsTests() => _failures = new FailedLogins(_clock);

    [Fact]
    public void A_user_may_fail_five_times_at_an_address_and_then_once_in_ten_seconds()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal(TimeSpan.Zero, Fail(Here, "ann"));
        Assert.Equal(TimeSpan.FromSeconds(10), Wait(Here, "ann"));
        // However often: nobody gets into debt.
        for (var i = 0; i < 20; i++)
            Fail(Here, "ann");
        Assert.Equal(TimeSpan.FromSeconds(10), Wait(Here, "ann"));
        _clock.Now += TimeSpan.FromSeconds(10);
        Assert.Equal(TimeSpan.Zero, Fail(Here, "ann"));
        Assert.Equal(TimeSpan.FromSeconds(10), Wait(Here, "ann"));
        _clock.Now += TimeSpan.FromMinutes(1);
        for (var i = 0; i < 5; i++)
            Assert.Equal(TimeSpan.Zero, Fail(Here, "ann"));
    }

    [Fact]
    public void Others_at_the_address_and_the_user_elsewhere_do_not_notice()
    {
        for (var i = 0; i < 5; i++)
            Fail(Here, "ann");
        Assert.Equal(TimeSpan.Zero, Wait(Here, "bob"));
        Assert.Equal(TimeSpan.Zero, Wait(There, "ann"));
    }

    [Fact]
    public void An_address_that_tries_many_users_waits_for_a_second_at_most()
    {
        for (var i = 0; i < 50; i++)
            Assert.Equal(TimeSpan.Zero, Fail(Here, $"user{i}"));
        Assert.Equal(TimeSpan.FromSeconds(1), Wait(Here, "another"));
        Assert.Equal(TimeSpan.Zero, Wait(There, "another"));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(TimeSpan.Zero, Wait(Here, "another"));
    }

    [Fact]
    public void A_user_who_is_tried_from_many_addresses_waits_for_a_second_at_most()
    {
        for (var i = 0; i < 100; i++)
            Assert.Equal(TimeSpan.Zero, Fail(IPAddress.Parse($"198.51.100.{i}"), "ann"));
        Assert.Equal(TimeSpan.FromSeconds(1), Wait(Here, "ann"));
        Assert.Equal(TimeSpan.Zero, Wait(Here, "bob"));
    }

    [Fact]
    public void A_network_of_version_6_is_one_address_and_version_4_is_the_same_either_way()
    {
        for (var i = 0; i < 5; i++)
            Fail(IPAddress.Parse($"2001:db8:0:1::{i}"), "ann");
        Assert.True(Wait(IPAddress.Parse("2001:db8:0:1:ffff::1"), "ann") > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, Wait(IPAddress.Parse("2001:db8:0:2::1"), "ann"));
        for (var i = 0; i < 5; i++)
            Fail(Here.MapToIPv6(), "bob");
        Assert.True(Wait(Here, "bob") > TimeSpan.Zero);
        for (var i = 0; i < 5; i++)
            Fail(null, "eve");
        Assert.True(Wait(null, "eve") > TimeSpan.Zero);
    }

    [Fact]
    public void A_success_is_remembered_for_that_user_at_that_address()
    {
        _failures.Succeed(_failures.Look(Here, "ann"));
        Assert.True(_failures.Look(Here, "ann").IsKnown);
        Assert.False(_failures.Look(There, "ann").IsKnown);
        Assert.False(_failures.Look(Here, "bob").IsKnown);
    }

    [Fact]
    public void Who_is_known_is_nobody_special_once_a_hundred_guessed_and_may_be_guessed_once_a_second()
    {
        _failures.Succeed(_failures.Look(Here, "ann"));
        for (var i = 0; i < 100; i++)
        {
            var attempt = _failures.Look(Here, "ann");
            Assert.True(attempt.IsKnown);
            _failures.Guess(attempt);
        }
        Assert.False(_failures.Look(Here, "ann").IsKnown);
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.True(_failures.Look(Here, "ann").IsKnown);
        _failures.Guess(_failures.Look(Here, "ann"));
        Assert.False(_failures.Look(Here, "ann").IsKnown);
    }

    [Fact]
    public void Many_who_fail_take_no_more_room_than_few()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Fail(Here, "ann");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private TimeSpan Wait(IPAddress? address, string user) => _failures.Look(address, user).Wait;

    private TimeSpan Fail(IPAddress? address, string user)
    {
        var attempt = _failures.Look(address, user);
        _failures.Fail(attempt);
        return attempt.Wait;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(60);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
