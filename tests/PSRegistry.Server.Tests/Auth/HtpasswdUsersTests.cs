using System.Text;
using PSRegistry.Server.Auth;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth;

public sealed class HtpasswdUsersTests
{
    // "secret" at the lowest cost, so that the tests do not wait.
    private static readonly string Secret = BcryptHash.Of("secret", 4).Reveal();

    [Theory]
    [InlineData('a')]
    [InlineData('b')]
    [InlineData('x')]
    [InlineData('y')]
    public void Every_prefix_of_bcrypt_is_accepted(char letter)
    {
        var users = HtpasswdUsers.Parse($"ann:$2{letter}{Secret[3..]}\n");
        Assert.Empty(users.Remarks);
        Assert.True(users.Find("ann")!.Hash.Verify("secret"));
        Assert.False(users.Find("ann")!.Hash.Verify("Secret"));
    }

    [Fact]
    public void Comments_empty_lines_and_line_ends_of_windows_are_skipped()
    {
        var users = HtpasswdUsers.Parse($"# users\r\n\r\n  ann:{Secret}  \r\n\t\nbob:{Secret}");
        Assert.Empty(users.Remarks);
        Assert.Equal((2, true, true), (users.Count, users.Find("ann") is not null, users.Find("bob") is not null));
    }

    [Theory]
    [InlineData("ann:$apr1$rVTXxKmj$5nW3S0yTjRaxV4ZbjMmfL1", "MD5")]
    [InlineData("ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "SHA-1")]
    [InlineData("ann:{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "SHA-1")]
    [InlineData("ann:$1$abc$def", "MD5")]
    [InlineData("ann:$5$abc$def", "SHA-256")]
    [InlineData("ann:$6$abc$def", "SHA-512")]
    [InlineData("ann:$y$abc$def", "yescrypt")]
    [InlineData("ann:$argon2id$v=19$def", "Argon2")]
    [InlineData("ann:$2y$10$tooshort", "not whole")]
    [InlineData("ann:$2y$03$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvabcdefghi", "not whole")]
    [InlineData("ann:$2z$10$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvabcdefghi", "not whole")]
    [InlineData("ann:secret", "in clear")]
    [InlineData("ann:", "in clear")]
    [InlineData("ann:rqXexS6ZhobKA", "in clear")]
    [InlineData("just words", "no user:hash")]
    [InlineData(":$2y$10$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvabcdefghi", "no user:hash")]
    public void Another_hash_lets_nobody_in_and_is_named_with_its_line(string line, string kind)
    {
        var users = HtpasswdUsers.Parse($"bob:{Secret}\n{line}\n");
        var remark = Assert.Single(users.Remarks);
        Assert.StartsWith("line 2: ", remark, StringComparison.Ordinal);
        Assert.Contains(kind, remark, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", remark, StringComparison.Ordinal);
        Assert.Equal((1, null), (users.Count, users.Find("ann")));
    }

    [Fact]
    public void Who_has_the_same_hash_in_a_new_text_is_the_same_entry_and_stays_logged_in()
    {
        var before = HtpasswdUsers.Parse($"ann:{Secret}\nbob:{Secret}\n");
        var after = HtpasswdUsers.Parse($"eve:{Secret}\nbob:{BcryptHash.Of("other", 4).Reveal()}\nann:{Secret}\n", before);
        Assert.Same(before.Find("ann"), after.Find("ann"));
        Assert.NotSame(before.Find("bob"), after.Find("bob"));
        Assert.Equal("eve", after.Find("eve")!.Caller.Name);
    }

    [Fact]
    public void Of_two_lines_for_one_user_the_last_counts_as_in_the_original()
    {
        var users = HtpasswdUsers.Parse($"ann:{Secret}\nann:{BcryptHash.Of("other", 4).Reveal()}\n");
        Assert.StartsWith("line 2: ", Assert.Single(users.Remarks), StringComparison.Ordinal);
        Assert.True(users.Find("ann")!.Hash.Verify("other"));
    }

    [Fact]
    public void Names_are_compared_letter_by_letter()
    {
        var users = HtpasswdUsers.Parse($"Jürgen:{Secret}\n");
        Assert.NotNull(users.Find("Jürgen"));
        Assert.Null(users.Find("jürgen"));
        Assert.Null(users.Find("Ju\u0308rgen"));
    }

    [Fact]
    public void A_name_that_is_not_utf8_lets_nobody_in() =>
        Assert.Contains("UTF-8", Assert.Single(HtpasswdUsers.Parse($"J\uFFFDrgen:{Secret}\n").Remarks), StringComparison.Ordinal);

    // What the original does too: bcrypt reads 72 bytes, and Go compares no more.
    [Fact]
    public void Of_a_password_72_bytes_count()
    {
        var hash = BcryptHash.Of(new string('a', 72), 4);
        Assert.True(hash.Verify(new string('a', 72)));
        Assert.True(hash.Verify(new string('a', 80)));
        Assert.False(hash.Verify(new string('a', 71)));
    }

    [Fact]
    public void A_stranger_costs_what_some_user_costs_and_always_the_same()
    {
        var users = HtpasswdUsers.Parse($"ann:{BcryptHash.Of("a", 4).Reveal()}\nbob:{BcryptHash.Of("b", 6).Reveal()}\n");
        var costs = Enumerable.Range(0, 64).Select(i => users.StandIn($"stranger{i}").Cost).ToList();
        Assert.Equal([4, 6], costs.Distinct().Order());
        Assert.Equal(costs, Enumerable.Range(0, 64).Select(i => users.StandIn($"stranger{i}").Cost));
        Assert.False(users.StandIn("stranger0").Verify(""));
        Assert.Equal(BcryptHash.DefaultCost, HtpasswdUsers.Parse("").StandIn("stranger").Cost);
    }

    [Fact]
    public void A_remembered_login_is_that_user_with_that_password_and_that_hash_alone()
    {
        var (ann, bob) = (new HtpasswdEntry("ann", BcryptHash.TryParse(Secret)!), new HtpasswdEntry("bob", BcryptHash.TryParse(Secret)!));
        Assert.False(ann.Remembers(Login("ann:secret")));
        ann.Remember(Login("ann:secret"));
        Assert.True(ann.Remembers(Login("ann:secret")));
        Assert.False(ann.Remembers(Login("ann:secre")));
        Assert.False(ann.Remembers(Login("ann:secrets")));
        Assert.False(ann.Remembers(Login("bob:secret")));
        Assert.False(bob.Remembers(Login("ann:secret")));
    }

    [Fact]
    public void A_hash_is_not_printed()
    {
        Assert.Equal("bcrypt, cost 4", BcryptHash.TryParse(Secret)!.ToString());
        Assert.DoesNotContain("swordfish", new NewUser("docker", "swordfish").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_htpasswd_writes_is_read()
    {
        var made = (await ProgramRun.OfAsync(new ProgramCommand(Peer.Require("htpasswd"), ["-Bbn", "ann", "s3cr:t"]), TestContext.Current.CancellationToken)).MustExitWith(0);
        var users = HtpasswdUsers.Parse(made.Output);
        Assert.Empty(users.Remarks);
        Assert.True(users.Find("ann")!.Hash.Verify("s3cr:t"));
    }

    private static BasicCredentials Login(string login)
    {
        Assert.True(BasicCredentials.TryParse("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login)), out var credentials));
        return credentials;
    }
}
