using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;

namespace PSRegistry.Server.Tests.Auth.Failures;

/// <summary>Failed logins over the wire: 429 with the time to wait, counted, and told to the audit log.</summary>
public sealed class SlowedLoginTests
{
    [Fact]
    public async Task After_a_handful_of_failures_it_is_429_with_the_time_to_wait()
    {
        foreach (var auth in new[] { AccessRegistry.WithPasswords, AccessRegistry.WithIssuer })
        {
            await using var registry = await AccessRegistry.StartAsync(auth);
            for (var i = 0; i < 5; i++)
                (await registry.GetAsync("/v2/", "ann:wrong")).MustBe(HttpStatusCode.Unauthorized);
            var slowed = (await registry.GetAsync("/v2/", "ann:wrong")).MustBe(HttpStatusCode.TooManyRequests);
            Assert.InRange(int.Parse(slowed.Header("Retry-After"), CultureInfo.InvariantCulture), 1, 10);
            Assert.Equal("TOOMANYREQUESTS", (string?)slowed.Json["errors"]![0]!["code"]);
            // Also the right one: else guessing would go on.
            (await registry.GetAsync("/v2/", "ann:wolf")).MustBe(HttpStatusCode.TooManyRequests);
            (await registry.GetAsync("/v2/", "bob:bear")).MustBe(HttpStatusCode.OK);
            if (auth == AccessRegistry.WithIssuer)
            {
                (await registry.GetAsync("/token", "ann:wolf")).MustBe(HttpStatusCode.TooManyRequests);
                (await registry.PostTokenAsync(("grant_type", "password"), ("username", "ann"), ("password", "wolf"))).MustBe(HttpStatusCode.TooManyRequests);
            }
        }
    }

    [Fact]
    public async Task Who_has_logged_in_from_an_address_is_not_kept_out_by_others_there()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        (await registry.GetAsync("/v2/", "ann:wolf")).MustBe(HttpStatusCode.OK);
        var offline = (await registry.GetAsync("/token?offline_token=true", "ann:wolf")).Json;
        for (var i = 0; i < 60; i++)
        {
            await registry.GetAsync("/v2/", "ann:wrong");
            await registry.GetAsync("/v2/", $"user{i}:wrong");
        }
        (await registry.GetAsync("/v2/", "ann:wrong")).MustBe(HttpStatusCode.TooManyRequests);
        (await registry.GetAsync("/v2/", "ann:wolf")).MustBe(HttpStatusCode.OK);
        (await registry.GetAsync("/v2/", (string)offline["token"]!)).MustBe(HttpStatusCode.OK);
        (await registry.PostTokenAsync(("grant_type", "refresh_token"), ("refresh_token", (string)offline["refresh_token"]!))).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Users_who_are_not_there_are_slowed_just_the_same()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithPasswords);
        var (there, missing) = (new List<HttpStatusCode>(), new List<HttpStatusCode>());
        for (var i = 0; i < 8; i++)
        {
            there.Add((await registry.GetAsync("/v2/", "ann:wrong")).Status);
            missing.Add((await registry.GetAsync("/v2/", "nobody:wrong")).Status);
        }
        Assert.Equal(there, missing);
    }

    [Fact]
    public async Task Each_is_counted_by_its_reason_and_told_with_user_and_address()
    {
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: "PSRegistry.Server", Name: "registry.auth.refusals" })
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            lock (counted)
                counted[(string)tags[0].Value!] = counted.GetValueOrDefault((string)tags[0].Value!) + value;
        });
        listener.Start();
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        for (var i = 0; i < 7; i++)
            await registry.GetAsync("/v2/", "ann:guess");
        await registry.GetAsync("/v2/", "hunter2:x");
        await registry.GetAsync("/v2/", "eyJ.eyJ.x");
        await registry.PostTokenAsync(("grant_type", "refresh_token"), ("refresh_token", "psr.1.a.b"));
        // Other tests of this process count too.
        lock (counted)
        {
            foreach (var (reason, least) in new[] { ("password", 5), ("slowed", 2), ("unknown-user", 1), ("token", 1), ("refresh-token", 1) })
                Assert.True(counted.GetValueOrDefault(reason) >= least, reason);
        }
        await AccessRegistry.UntilAsync(() => Task.FromResult(Told("User=\"(not in the file)\"", "Reason=unknown-user") == 1));
        Assert.Equal((5, 1), (Told("User=ann", "127.0.0.1", "Reason=password"), Told("User=ann", "Reason=slowed")));
        Assert.Equal(0, Told("guess") + Told("hunter2"));

        int Told(params string[] texts) => registry.LogLines.Count(line => texts.All(text => line.Contains(text, StringComparison.Ordinal)));
    }
}
