using System.Globalization;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Tests.Auth.Tokens;

/// <summary>What is remembered of tokens: little, for a short while.</summary>
public sealed class VerifiedTokensTests
{
    private static readonly SigningKeys Keys = new([], []);
    private static readonly Caller Ann = Caller.WhoMayDoEverything("ann");

    private readonly Clock _clock = new();

    [Fact]
    public void A_token_is_remembered_and_its_like_is_not()
    {
        var tokens = new VerifiedTokens(_clock);
        tokens.Remember("a.b.c", Keys, Ann, _clock.Now.AddHours(1));
        var again = new string("a.b.c");
        for (var i = 0; i < 2; i++)
            Assert.Same(Ann, tokens.Find(again, Keys));
        Assert.Same(Ann, tokens.Find(new string("a.b.c"), Keys));
        Assert.Null(tokens.Find("a.b.d", Keys));
        Assert.Null(tokens.Find("a.b", Keys));
    }

    [Theory]
    [InlineData(10, 9, true)]
    [InlineData(10, 10, false)]
    [InlineData(3600, 59, true)]
    [InlineData(3600, 60, false)]
    public void It_is_forgotten_when_it_expires_or_after_a_minute(int lifetime, int passed, bool isRemembered)
    {
        var tokens = new VerifiedTokens(_clock);
        tokens.Remember("a.b.c", Keys, Ann, _clock.Now.AddSeconds(lifetime));
        var same = new string("a.b.c");
        Assert.NotNull(tokens.Find(same, Keys));
        _clock.Now += TimeSpan.FromSeconds(passed);
        Assert.Equal((isRemembered, isRemembered), (tokens.Find(same, Keys) is not null, tokens.Find(new string("a.b.c"), Keys) is not null));
    }

    [Fact]
    public void With_other_keys_it_is_verified_anew()
    {
        var tokens = new VerifiedTokens(_clock);
        tokens.Remember("a.b.c", Keys, Ann, _clock.Now.AddHours(1));
        var same = new string("a.b.c");
        Assert.NotNull(tokens.Find(same, Keys));
        Assert.Null(tokens.Find(same, new SigningKeys([], [])));
    }

    [Fact]
    public void Many_tokens_take_no_more_room_than_two_generations_and_push_out_none_of_the_last()
    {
        var tokens = new VerifiedTokens(_clock);
        Parallel.For(0, 10 * VerifiedTokens.GenerationSize, i => tokens.Remember(Name(i), Keys, Ann, _clock.Now.AddHours(1)));
        Assert.InRange(tokens.Count, VerifiedTokens.GenerationSize, 2 * VerifiedTokens.GenerationSize);
        for (var i = 0; i < VerifiedTokens.GenerationSize; i++)
            tokens.Remember("last" + Name(i), Keys, Ann, _clock.Now.AddHours(1));
        for (var i = 0; i < VerifiedTokens.GenerationSize; i++)
            Assert.NotNull(tokens.Find("last" + Name(i), Keys));
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
